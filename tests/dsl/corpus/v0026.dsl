# variation of gen.py 90042 2
res fut f0
res fut f1
res sem s0 1
res cond c0
res barrier b0 1
coro c0
  isr 1 cancel t2
  with s0
    sleep 2
  endwith
  await f1
end
coro c1
  sleep 5
  timeout 20
    timeout 2
      cancel t5
      await f0
    endtimeout
    spawn t0 c3
    try
      with s0
        rel s0
      endwith
  ferr t3 6
      try
        yield
        await t1
      except ETIMEDOUT
        log 49
        bwait b0
      endtry
    except *
      isr 20 cancel t3
      gather t3 t1
    finally
      fset f0 2
    endtry
  endtimeout
  ret 4
end
coro c2
  rel s0
  with s0
    with c0
      cwait c0
    endwith
    wait all 5 t5 f0
  babort b0
  endwith
  tg g26
    tgspawn g26 t0 c3
  try
    tgspawn g26 t4 c3
except EPERM
  log 77
  endtry
  endtg
  rel c0
  sleep 5
  cancel t3
end
coro c3
  cancel t3
  later 10 8
  babort b0
  timeout 0
    acq s0
    with s0
      try
        wait_for f0 1
        later 1 55
        rel s0
      finally
        sleep 2
      endtry
    endwith
  endtimeout
end
coro main
  spawn t0 c0
  spawn t1 c3
  spawn t2 c0
  spawn t3 c2
  spawn t4 c0
  spawn t5 c2
  try
    timeout 10
      wait first 5 f0 t5
      log 4
      with s0
        timeout 0
          yield
          bwait b0
        endtimeout
        try
          rel s0
          sleep 5
        except *
  yield
          wait_for t5 2
        finally
  wait first 0 t1 t2 t0
          sleep 5
        endtry
  rel s0
      endwith
    endtimeout
  except EGROUP[E1]
    log 0
  endtry
  try
    wait_for t0 3
  except *
    log 16
  endtry
  try
    wait_for t2 10
  except *
    log 34
  endtry
  try
    wait_for t3 20
  except *
    log 82
  endtry
  ret 0
end
