# variation of gen.py 90083 4
res fut f0
res fut f1
res var v0
res barrier b0 1
res bsem s0 1
res lock l0
coro c0
  raise 7
  gatherx t0 t0
  shield f1
  wait_for f0 2
  isr 3 fset t0 9
  await f1
  sleep 2
  ret 4
end
coro c1
  babort b0
  isr 20 fcancel t1
  with s0
    wait first 5 t1 f0
  endwith
  sleep 20
  rel s0
  with s0
    bwait b0
  endwith
  vget v0
  cancel t0
  with s0
    cancel t2
  endwith
  ret 5
end
coro main
  bwait b0
  spawn t0 c0
  spawn t1 c0
  spawn t2 c0
  try
    timeout 30
      tg g15
        tgspawn g15 t0 c0
        await t2
        sleep 10
      endtg
      fnew f1
      cancel t2
  repeat 2
      yield
  endrepeat
      with s0
        sleep 2
        sleep 5
      endwith
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t0 10
  except *
    log 7
  endtry
  try
    cancel t1
  cancel f1
  repeat 2
  acq s0
  endrepeat
  except *
    log 94
  endtry
  try
    wait_for t2 5
  except *
    log 53
  endtry
  vset v0 6
  ret 0
end
