# variation of gen.py 90007 3
res fut f0
res fut f1
res var v0
res barrier b0 2
res event e0
res lock l0
coro c0
  try
    yield
    await f0
  except ECANCELED
    with l0
      try
        acq l0
        yield
      except ECANCELED
        sleep 1
      finally
        gatherx t1
      endtry
    endwith
  finally
    timeout 2
      timeout 10
        sleep 10
        sleep 5
        sleep 0
      endtimeout
      yield
    endtimeout
  endtry
  sleep 3
  babort b0
end
coro c1
  later 0 18
  sleep 1
  spawn t2 c3
  isr 5 cancel t4
  timeout 20
    wait first 5 t4 t3
    await t1
  endtimeout
  sleep 1
  ret 6
end
coro c2
  sleep 3
  try
    timeout 10
      timeout 1
        sleep 0
      endtimeout
    endtimeout
  except ECANCELED
    vset v0 2
  endtry
  with l0
    try
      cancel t3
      shield t0
    except *
      sleep 5
      with l0
        gatherx f0
        sleep 1
      endwith
    finally
      log 66
    endtry
    eclr e0
  endwith
  timeout 3
    wait_for t3 0
    gather t1 t4 t1
  endtimeout
  ret 2
end
coro c3
  acq l0
  sleep 10
  tg g46
    tgspawn g46 t3 c4
    tgspawn g46 t1 c4
    timeout 10
      with l0
        cancel t4
        tgspawn g46 t0 c4
        cancel t0
      endwith
      try
        sleep 5
      except *
        spawn t2 c4
      finally
        sleep 5
      endtry
      wait_for t2 10
    endtimeout
    timeout 1
      bwait b0
      later 5 49
      vget v0
    endtimeout
  endtg
end
coro c4
  timeout 0
    gatherx t1
    sleep 0
  endtimeout
  soon 96
  rel l0
end
coro main
  spawn t0 c1
  spawn t1 c0
  spawn t2 c0
  spawn t3 c1
  spawn t4 c0
  try
    timeout 30
      fset f0 5
      timeout 5
        eset e0
        with l0
          sleep 5
          sleep 1
        endwith
      endtimeout
      gather f0
      repeat 3
        bwait b0
      endrepeat
    endtimeout
  except EBROKEN
    log 0
  endtry
  try
    wait_for t1 3
  except *
    log 93
  endtry
  try
    wait_for t2 5
  except *
    log 62
  endtry
  try
    wait_for t3 20
  except *
    log 35
  endtry
  try
    cancel t4
  except *
    log 42
  endtry
  cancelling
  ret 0
end
