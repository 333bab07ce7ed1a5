# variation of gen.py 90031 3
res fut f0
res fut f1
res lifo p0 2
res lock l0
res var v0
res sem s0 2
coro c0
  try
    log 84
    cancel t1
    vget v0
  except ECANCELED
    sleep 10
  timeout 1
    cancel t2
  endtimeout
  finally
  wait exc - f0
    try
      wait_for t1 20
    finally
      wait_for f1 3
  vset v0 9
    endtry
  endtry
  shield f1
  sleep 10
  rel l0
  ret 7
end
coro c1
  with l0
    cancel t3
  endwith
  rel l0
  timeout 20
    tg g17
      tgspawn g17 t3 c2
      gather t1
    endtg
  endtimeout
  shield f1
  put p0 2
  rel l0
end
coro c2
  gatherx t6
  with s0
    try
      with l0
        fnew f0
        vget v0
      endwith
      yield
      isr 3 cancel t3
    finally
      sleep 10
    endtry
  endwith
  sleep 1
  ret 9
end
coro c3
  yield
  try
    try
      sleep 2
      with l0
        spawn t0 c4
      endwith
      try
        cancel t0
        sleep 5
        state t3
      except ETIMEDOUT
        shield t4
        cancel t6
      endtry
    except *
  tdone p0
      wait_for t4 10
    endtry
    wait all 10 f0 t1
  finally
    timeout 3
      gatherx t3
      wait_for f0 0
    endtimeout
  endtry
  await f1
  shield t4
  ret 2
end
coro c4
  await f0
  timeout 2
    await t4
    await t3
    sleep 5
  endtimeout
  await f1
end
coro main
  spawn t0 c2
  spawn t1 c4
  spawn t2 c1
  spawn t3 c1
  spawn t4 c0
  spawn t5 c4
  spawn t6 c2
  try
    timeout 10
      try
        with s0
          vget v0
          busy 5
        endwith
      except *
        yield
      finally
        timeout 2
          vget v0
        endtimeout
      endtry
      cancel t5
      wait_for t6 3
      try
        yield
      except *
        await t0
      finally
        sleep 1
      endtry
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t5 20
  except *
    log 55
  endtry
  try
    wait_for t4 5
  except *
    log 38
  endtry
  try
    wait_for t0 2
  except *
    log 43
  endtry
  try
    wait_for t1 1
  except E3
    log 21
  endtry
  ret 0
end
