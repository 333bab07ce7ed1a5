# variation of gen.py 90018 2
res fut f0
res barrier b0 2
res sem s0 0
res prio p0 2
coro c0
  timeout 0
    bwait b0
    try
  fset t1 5
      bwait b0
    except ECANCELED
      sleep 0
      await t2
    endtry
  endtimeout
  cb t1 34
  rel s0
  ret 3
end
coro c1
  with s0
    wait first 10 f0 t0
  endwith
  gatherx t2 t1 t0
  rel s0
  with s0
  isr 3 ferr f0 6
    cancel t0
  endwith
  with s0
    try
      sleep 0
    except *
      sleep 2
      yield
    endtry
  endwith
end
coro main
  spawn t0 c0
  spawn t1 c1
  spawn t2 c1
  try
    timeout 30
      try
        spawn t1 c0
        soon 25
      except ETIMEDOUT
        yield
        try
          await t0
        except *
          cb f0 88
          raise 1
        endtry
      endtry
      sleep 20
      try
        timeout 2
          spawn t1 c1
          cancel t0
        endtimeout
        bwait b0
        acq s0
      except ETIMEDOUT
        yield
        shield f0
      finally
        cancel t1
      endtry
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t2 2
  except *
    log 96
  endtry
  try
    wait_for t1 3
  except *
    log 53
  endtry
  try
    cancel t0
  except *
    log 84
  endtry
  ret 0
end
