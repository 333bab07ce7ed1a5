# variation of gen.py 90015 2
res fut f0
res fut f1
res prio p0 0
res cond c0
res bsem s0 1
res lock l0
coro c0
  gatherx f1 t3 t4
  tg g2
    tgspawn g2 t0 c3
    tgspawn g2 t2 c1
    try
      cancel t0
      sleep 0
      sleep 1
    endtry
    with s0
      log 22
    endwith
  endtg
  fnew f0
  cancel t0
  await t4
  ret 9
end
coro c1
  rel s0
  repeat 3
    with c0
      cwait c0
    endwith
  endrepeat
  raise 5
  ret 5
end
coro c2
  spawn t1 c3
  tg g17
    tgspawn g17 t0 c3
    tgspawn g17 t4 c3
    with c0
      cwait c0
    endwith
  endtg
  acq s0
  wait all - t1 f1
  repeat 3
    try
      with c0
        cwait c0
      endwith
    endtry
    isr 5 cancel t1
  endrepeat
end
coro c3
  putnw p0 5
  shield t0
  repeat 3
    log 17
    await t4
  endrepeat
  ret 5
end
coro main
  spawn t0 c0
  spawn t1 c3
  spawn t2 c3
  spawn t3 c2
  spawn t4 c3
  try
    timeout 30
      tdone p0
      repeat 3
        sleep 3
        wait all - t0 f1
      endrepeat
      sleep 20
    endtimeout
  except ETIMEDOUT
  try
    log 0
except ECANCELED
  log 77
  endtry
  endtry
  try
    wait_for t1 5
  except *
    log 67
  endtry
  try
    wait_for t0 1
  put p0 7
  except *
    log 39
  endtry
  try
    cancel t2
  except *
    log 71
  endtry
  ret 0
end
