# variation of gen.py 90044 4
res fut f0
res fut f1
res barrier b0 2
res prio p0 1
res var v0
res cond c0
res event e0
coro c0
  sleep 2
  fnew f1
  put p0 7
  breset b0
  repeat 2
    try
      tdone p0
      breset b0
      try
        wait_for t2 3
        bwait b0
        wait_for t6 3
      except ECANCELED
        fcancel f1
      endtry
    except ETIMEDOUT
      cancel t5
    endtry
    gather f0 t5
  endrepeat
  timeout 10
    sleep 0
    try
      eclr e0
      timeout 0
        eclr e0
        state t0
      endtimeout
    except ECANCELED
      wait_for t5 1
      shield t2
    endtry
  endtimeout
  ret 6
end
coro c1
  tg g25
    tgspawn g25 t6 c2
    tgspawn g25 t6 c4
  endtg
  tg g26
    tgspawn g26 t6 c4
  endtg
  sleep 10
  sleep 3
  ret 4
end
coro c2
  spawn t5 c4
  wait_for t6 3
  ewait e0
  tg g32
    tgspawn g32 t6 c4
    tgspawn g32 t3 c4
    try
      isr 20 fset f0 9
      raise 6
  except ETIMEDOUT
      log 41
      yield
    finally
      shield t6
      tgspawn g32 t3 c4
    endtry
    cancel t4
  endtg
  try
    timeout 2
      with c0
        cnotify c0 2
      endwith
    endtimeout
  except ECANCELED
    sleep 5
    with c0
      cwait c0
    endwith
  finally
    get p0
  endtry
  gather t6 t6 t4
  ret 5
end
coro c3
  tg g47
    tgspawn g47 t2 c4
    await f0
    log 60
    tgspawn g47 t1 c4
  isr 3 putnw p0 1
  endtg
  spawn t3 c4
  timeout 2
    try
      sleep 10
      wait exc 5 f1 t4
  except EGROUP[E1]
      soon 50
    endtry
    yield
    try
      await t5
      timeout 5
        raise 6
        await t4
      endtimeout
    endtry
  endtimeout
  cancel t4
  ret 8
end
coro c4
  sleep 10
  sleep 1
  wait exc 10 t2 t5
  ret 3
end
coro main
  spawn t0 c2
  spawn t1 c0
  spawn t2 c2
  spawn t3 c2
  spawn t4 c0
  spawn t5 c2
  spawn t6 c2
  try
    timeout 10
      spawn t0 c3
      repeat 3
        log 37
        timeout 10
          sleep 10
        endtimeout
      endrepeat
      shield f1
      sleep 1
      repeat 3
        fnew f0
        sleep 1
      endrepeat
    endtimeout
  except EGROUP
    log 0
  endtry
  try
    wait_for t0 3
  busy 2
  except *
    log 53
  endtry
  try
    wait_for t3 10
  except *
    log 40
  endtry
  try
    wait_for t2 5
  except *
    log 85
  endtry
  try
    wait_for t4 1
  except *
    log 30
  endtry
  try
    wait_for t1 20
  except *
    log 53
  endtry
  later 10 7
  ret 0
end
