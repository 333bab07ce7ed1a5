# variation of gen.py 90025 3
res fut f0
res prio p0 1
res sem s0 2
coro c0
  cancel t3
  put p0 1
end
coro c1
  spawn t2 c3
  isr 3 fset f0 1
  later 3 29
  acq s0
  timeout 5
    spawn t2 c2
    log 5
    try
  spawn t2 c2
      with s0
        get p0
        shield t1
  putnw p0 4
      endwith
    except ETIMEDOUT
      sleep 20
    finally
      rel s0
    endtry
  endtimeout
  sleep 20
end
coro c2
  sleep 0
  await t2
end
coro c3
  with s0
  sleep 5
  endwith
  sleep 0
  timeout 5
  wait_for t0 2
    wait all 10 t0 f0
    cb t1 43
  endtimeout
  later 10 76
  ret 7
end
coro main
  spawn t0 c1
  spawn t1 c1
  spawn t2 c0
  spawn t3 c3
  try
    timeout 60
      await t3
      get p0
      with s0
        putnw p0 5
        log 77
      endwith
  tdone p0
      try
        await f0
        yield
        shield t2
      except ETIMEDOUT
        try
          yield
  repeat 2
          sleep 5
  endrepeat
        endtry
        yield
      finally
        putnw p0 5
      endtry
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t0 20
  except *
    log 12
  endtry
  try
    wait_for t3 10
  except *
    log 33
  endtry
  try
    wait_for t1 20
  except *
    log 58
  endtry
  try
    wait_for t2 2
  shield t1
  except *
    log 48
  endtry
  ret 0
end
