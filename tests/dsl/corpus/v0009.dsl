# variation of gen.py 90011 4
res fut f0
res cond c0
res barrier b0 2
res bsem s0 1
res event e0
coro c0
  try
  babort b0
    ewait e0
    sleep 3
    tg g4
      tgspawn g4 t1 c1
      tgspawn g4 t2 c1
      shield t0
      tgspawn g4 t2 c1
    endtg
  except ECANCELED
    gather f0
  with c0
    cancel t2
  endwith
  finally
    sleep 0
  endtry
  yield
  shield f0
end
coro c1
  sleep 10
  fcancel f0
  bwait b0
  cancel t1
  with s0
    acq s0
    timeout 2
      sleep 1
      fcancel f0
    endtimeout
  endwith
  await f0
  yield
  ret 6
end
coro c2
  shield t0
  cancel t0
  rel s0
  with s0
    timeout 0
      fnew f0
    endtimeout
  endwith
  eset e0
end
coro main
  spawn t0 c1
  repeat 2
  spawn t1 c2
  endrepeat
  spawn t2 c2
  try
    timeout 60
      isr 10 fset f0 8
  acq s0
      timeout 0
        await f0
        log 96
        sleep 3
      endtimeout
      with s0
        await t1
        sleep 1
      endwith
      gatherx t1
      soon 86
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t2 20
  rel c0
  except *
  cancelling
    log 31
  endtry
  try
    wait_for t0 2
  except EPERM
    log 17
  endtry
  try
    wait_for t1 5
  except *
    log 99
  endtry
  ret 0
end
