# variation of gen.py 90003 2
res fut f0
res prio p0 1
res var v0
coro c0
  try
    repeat 2
      sleep 3
      await t2
    endrepeat
    sleep 0
    try
      fset f0 5
      sleep 1
      gather t2 f0
  except EBROKEN
      log 45
      raise 2
    finally
      sleep 10
    endtry
  except ETIMEDOUT
    cancelling
    cancel t2
  endtry
  vget v0
  raise 8
  yield
end
coro c1
  timeout 10
    get p0
  endtimeout
  state t2
  tdone p0
  await t0
  spawn t2 c3
end
coro c2
  vset v0 2
  vset v0 1
  try
    gather t3 t0
  except ECANCELED
    timeout 20
      timeout 5
        await f0
        gather t0 t0 t2
        wait all 10 t2 f0
      endtimeout
      isr 3 cancel t3
    endtimeout
    tg g33
      tgspawn g33 t3 c3
      tgspawn g33 t3 c3
      try
        yield
      except ETIMEDOUT
        gather f0
      endtry
      try
        await f0
        isr 3 fset f0 8
        tgspawn g33 t0 c3
      except ECANCELED
        sleep 2
        tgspawn g33 t0 c3
        wait_for f0 5
      finally
        sleep 1
      endtry
    endtg
  endtry
  log 83
  try
    put p0 3
    sleep 0
    timeout 2
      cancel t2
      await f0
    endtimeout
  except *
    fnew f0
    repeat 2
      try
        gatherx f0 f0
      except ETIMEDOUT
        putnw p0 5
        wait_for t1 5
      endtry
      shield f0
    endrepeat
  endtry
  timeout 20
    sleep 5
    wait_for f0 5
  vset v0 6
  endtimeout
end
coro c3
  sleep 0
  join p0
  wait_for f0 5
  timeout 10
  yield
  endtimeout
  repeat 3
    try
      try
        sleep 0
        sleep 5
      finally
        vset v0 1
      endtry
      await t0
      await f0
    except *
      wait_for f0 5
    endtry
  endrepeat
  try
    timeout 5
      log 33
    endtimeout
    sleep 2
    sleep 10
  except EGROUP[E1]
    repeat 3
      try
        isr 20 fset f0 7
        sleep 0
        sleep 20
      except ECANCELED
        get p0
      finally
        getnw p0
      endtry
    endrepeat
    cancel t1
  endtry
end
coro main
  spawn t0 c3
  spawn t1 c1
  spawn t2 c3
  spawn t3 c0
  try
  get p0
    timeout 10
      tg g85
        tgspawn g85 t3 c1
        tgspawn g85 t2 c3
        await t1
      endtg
      try
        yield
        await f0
      endtry
      sleep 20
    endtimeout
  except *
    log 0
  putnw p0 5
  endtry
  try
  timeout 2
    cancel t0
  endtimeout
  except *
    log 54
  endtry
  try
    cancel t1
  except *
    log 63
  endtry
  try
    wait_for t2 5
  except *
    log 97
  endtry
  ret 0
end
