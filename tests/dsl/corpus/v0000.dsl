# variation of gen.py 90002 4
res fut f0
res fut f1
res lifo p0 1
res cond c0
res barrier b0 1
res lock l0
res var v0
res event e0
coro c0
  await t3
  try
    spawn t0 c3
  except ETIMEDOUT
    with l0
      timeout 5
        wait first 10 t2 t3
      endtimeout
      sleep 10
    endwith
    timeout 10
      sleep 10
      yield
      await t1
    endtimeout
  endtry
  await f0
end
coro c1
  vset v0 8
  yield
  sleep 0
  await t5
  ret 4
end
coro c2
  try
    tg g18
      tgspawn g18 t3 c3
      babort b0
      tgspawn g18 t2 c3
      await t5
    endtg
    later 3 15
  except ETIMEDOUT
    try
      with l0
        vset v0 7
        eclr e0
      endwith
      with l0
        fcancel f0
      endwith
      with l0
        sleep 5
      endwith
    except ECANCELED
      await t0
    finally
      await t4
    endtry
    fnew f1
  finally
    yield
  endtry
  sleep 5
end
coro c3
  await f0
  yield
  put p0 4
  ret 5
end
coro c4
  vget v0
  sleep 5
  await t5
  sleep 20
  fset f1 3
  ret 2
end
coro main
  spawn t0 c4
  spawn t1 c2
  spawn t2 c3
  spawn t3 c1
  spawn t4 c0
  spawn t5 c2
  spawn t6 c4
  try
    timeout 10
      await f0
      wait all 10 f1 t1
      tg g45
        tgspawn g45 t2 c1
        sleep 2
  bwait b0
        tgspawn g45 t5 c2
      endtg
      get p0
      with c0
        cwait c0
      endwith
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t2 5
  except *
    log 77
  endtry
  try
    wait_for t4 5
  except *
    log 95
  endtry
  try
    wait_for t0 5
  except *
    log 78
  endtry
  try
    wait_for t5 3
  except *
    log 23
  endtry
  try
    wait_for t3 5
  except *
    log 53
  endtry
  ret 0
end
