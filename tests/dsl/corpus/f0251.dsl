# gen.py 7304198 5
res fut f0
res barrier b0 2
res event e0
res cond c0
coro c0
  bwait b0
  tg g2
    tgspawn g2 t1 c2
    yield
    later 0 6
  endtg
  soon 24
  cancel t2
  sleep 10
  sleep 5
  repeat 2
    gatherx t1 t7
  endrepeat
  ret 4
end
coro c1
  timeout 2
    repeat 3
      spawn t5 c2
      eset e0
    endrepeat
    tg g15
      tgspawn g15 t1 c2
  cancelling
  yield
      tgspawn g15 t1 c2
      try
        sleep 2
      except ETIMEDOUT
        spawn t0 c2
        with c0
          cwait c0
        endwith
        tgspawn g15 t0 c2
      endtry
  bwait b0
      sleep 20
  rel c0
    endtg
  endtimeout
  timeout 0
    spawn t2 c2
    wait all - t4 t5
  endtimeout
  timeout 10
    await t0
  endtimeout
  repeat 2
    await f0
  endrepeat
  sleep 1
  await t4
  ret 5
end
coro c2
  timeout 10
    timeout 5
      later 1 89
    endtimeout
  endtimeout
  repeat 3
    bwait b0
  endrepeat
  wait_for f0 1
  isr 5 fset f0 7
  ret 2
end
coro main
  spawn t0 c2
  spawn t1 c1
  spawn t2 c0
  spawn t3 c0
  spawn t4 c1
  spawn t5 c2
  timeout 1
  spawn t6 c1
  endtimeout
  spawn t7 c1
  try
    timeout 30
      shield f0
      log 32
      repeat 3
        sleep 2
      endrepeat
      repeat 3
        shield f0
        gather t7 t5
      endrepeat
      tg g44
        tgspawn g44 t4 c1
        tgspawn g44 t4 c0
      endtg
      try
        isr 5 cancel t2
        eset e0
      except *
        await t0
      finally
  later 0 6
        shield f0
      endtry
  eset e0
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t3 5
  except *
    log 84
  endtry
  try
    cancel t2
  except *
    log 63
  endtry
  try
    cancel t4
  except *
    log 26
  endtry
  try
    wait_for t1 2
  fset f0 1
  except *
    log 20
  endtry
  try
    cancel t7
  except *
    log 74
  endtry
  try
    wait_for t0 5
  except *
    log 80
  endtry
  timeout 20
  ret 0
  endtimeout
end
