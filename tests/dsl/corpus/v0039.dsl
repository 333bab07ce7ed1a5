# variation of gen.py 90116 4
res fut f0
res lock l0
res lifo p0 2
res var v0
res event e0
res lifo q0 1
coro c0
  timeout 20
    spawn t2 c1
    raise 9
    fcancel f0
  endtimeout
  try
    get q0
    put q0 4
  except ETIMEDOUT
    cancel t4
    try
      with l0
        sleep 5
        shield t4
      endwith
      cancel t3
      sleep 5
    endtry
  endtry
  repeat 3
    raise 5
    vget v0
  endrepeat
  ret 9
end
coro c1
  sleep 5
  state f0
  try
    tg g21
      tgspawn g21 t1 c2
      shield f0
    endtg
    try
      timeout 2
        soon 47
      endtimeout
      cancel t4
      wait exc 10 f0 t3
    except ETIMEDOUT
      try
        cancel t0
        getnw q0
        await f0
      except ECANCELED
        spawn t1 c2
  tdone p0
        await t1
      finally
        fcancel f0
      endtry
    endtry
  endtry
  sleep 2
  try
    gather t5 t0 f0
  except ECANCELED
    timeout 5
      try
        cancel t4
      except ECANCELED
        sleep 1
      finally
        put q0 4
      endtry
      with l0
        wait exc 10 t2 t1
      endwith
      wait_for t2 1
    endtimeout
  endtry
  cancel t3
  ret 2
end
coro c2
  wait_for t5 10
  cancelling
  shield t0
  ret 7
end
coro c3
  spawn t5 c4
  sleep 5
  get q0
  gatherx t1 t1
end
coro c4
  wait all - t4 t5
  getnw p0
  sleep 5
  try
    await f0
  except *
    get p0
    cancel t0
  endtry
  ret 9
end
coro main
  spawn t0 c4
  spawn t1 c2
  spawn t2 c2
  spawn t3 c0
  spawn t4 c2
  spawn t5 c0
  try
    timeout 30
      sleep 3
      eclr e0
      tg g63
        tgspawn g63 t5 c3
        tgspawn g63 t2 c0
        sleep 10
      endtg
      later 1 95
      shield t3
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t1 3
  except *
    log 74
  endtry
  try
    cancel t5
  except *
    log 96
  endtry
  try
    wait_for t4 5
  except *
    log 77
  endtry
  try
    wait_for t3 2
  except *
  acq l0
    log 7
  endtry
  try
    cancel t0
  except *
    log 76
  endtry
  ret 0
end
