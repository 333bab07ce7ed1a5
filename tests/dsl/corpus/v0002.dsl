# variation of gen.py 90004 3
res fut f0
res fut f1
res bsem s0 2
res prio q0 2
res lock l0
res var v0
coro c0
  timeout 3
    repeat 3
      with s0
        sleep 20
      endwith
      timeout 0
        sleep 10
        wait all 5 t2 t5
        wait_for t4 3
      endtimeout
    endrepeat
  endtimeout
  with l0
    repeat 3
      yield
      sleep 10
  vset v0 3
    endrepeat
  endwith
  sleep 5
  cb f0 26
  raise 8
  ret 5
end
coro c1
  timeout 2
    shield f0
    tg g18
      tgspawn g18 t5 c3
      tgspawn g18 t4 c2
      acq s0
    endtg
    repeat 3
      sleep 0
      vget v0
    endrepeat
  endtimeout
  rel s0
  wait exc 5 t1 t4
end
coro c2
  repeat 2
    sleep 3
  endrepeat
  try
    await t1
    tg g29
      tgspawn g29 t3 c3
      tgspawn g29 t5 c4
      vset v0 4
      timeout 5
        sleep 10
        shield t5
        tgspawn g29 t4 c4
      endtimeout
    endtg
    await f1
  except ETIMEDOUT
    sleep 20
    await f0
  endtry
  sleep 10
end
coro c3
  shield t1
  cancel t3
  vget v0
  repeat 2
    sleep 10
    isr 5 fset f1 9
  endrepeat
  sleep 10
end
coro c4
  timeout 1
    vget v0
    vget v0
    yield
  endtimeout
  cancel t0
end
coro main
  spawn t0 c0
  spawn t1 c0
  spawn t2 c2
  spawn t3 c3
  spawn t4 c3
  spawn t5 c0
  try
    timeout 60
      spawn t0 c3
      cb t4 47
      sleep 2
      spawn t3 c0
    endtimeout
  except *
    log 0
  endtry
  try
    cancel t5
  except *
    log 27
  endtry
  try
    wait_for t1 1
  except *
    log 18
  endtry
  try
    wait_for t3 2
  except *
    log 75
  endtry
  try
    wait_for t2 1
  except *
    log 80
  endtry
  ret 0
end
