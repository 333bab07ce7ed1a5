# variation of gen.py 90016 3
res fut f0
res fut f1
res bsem s0 2
res queue q0 2
coro c0
  await t2
  cancel t0
  sleep 10
  shield f1
  soon 9
end
coro c1
  rel s0
  tg g7
    tgspawn g7 t2 c3
    await f0
    tgspawn g7 t0 c2
    with s0
      gatherx t3 t7 t0
    endwith
  endtg
  cancel t3
end
coro c2
  sleep 5
  try
    yield
    cancel t5
    cancel t6
  finally
    await t6
  endtry
  sleep 0
  soon 46
  with s0
    repeat 2
      cancel t4
      cancel t5
    endrepeat
  endwith
  sleep 20
  ret 9
end
coro c3
  yield
  with s0
    shield t2
    shield f1
  endwith
  shield t4
  with s0
    try
  rel s0
      try
        cancel t4
        sleep 5
      except ETIMEDOUT
        gather t4 t5 t0
      endtry
      try
        await t5
      finally
        cancel t3
      endtry
      put q0 4
    except ECANCELED
      spawn t5 c4
      gatherx t4
    endtry
    put q0 7
  endwith
end
coro c4
  yield
  with s0
    await t1
  endwith
  ret 3
end
coro main
  spawn t0 c1
  spawn t1 c4
  spawn t2 c3
  spawn t3 c1
  spawn t4 c4
  spawn t5 c3
  spawn t6 c2
  spawn t7 c0
  try
    timeout 30
      acq s0
      wait exc 10 f0 t2
      sleep 2
      gather t5 f0
    endtimeout
  except ETIMEDOUT
    log 0
  endtry
  try
    wait_for t4 3
  except *
    log 45
  endtry
  acq s0
  try
    wait_for t2 10
  except *
    log 1
  endtry
  try
    cancel t1
  except *
    log 56
  endtry
  try
    wait_for t6 2
  except EPERM
    log 36
  endtry
  ret 0
end
