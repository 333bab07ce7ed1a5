# variation of gen.py 90101 4
res fut f0
res prio p0 0
res sem s0 1
res lock l0
res cond c0
res queue q0 2
res barrier b0 1
coro c0
  try
    later 0 37
  except ETIMEDOUT
    state f0
  endtry
  with c0
    cnotify c0 1
  endwith
  cancel t2
  timeout 0
    sleep 5
  endtimeout
  gatherx f0 t7 t3
  cb t7 63
  ret 5
end
coro c1
  try
    with s0
      await f0
      rel s0
    endwith
    spawn t1 c4
  except ECANCELED
    put p0 5
  endtry
  try
    with s0
      try
        shield t2
        await f0
        babort b0
      except ECANCELED
        sleep 20
        await t7
      finally
        fnew f0
      endtry
    endwith
    fnew f0
    log 76
  except ECANCELED
    fnew f0
  endtry
  ret 1
end
coro c2
  try
    cancel t2
    tg g30
      tgspawn g30 t3 c3
      tgspawn g30 t5 c3
      with s0
        sleep 10
        spawn t5 c4
      endwith
    endtg
  except ECANCELED
    spawn t3 c4
    sleep 10
  endtry
  with c0
    cnotify c0 9
  endwith
  wait_for t5 2
  ret 1
end
coro c3
  soon 34
  try
    sleep 5
    uncancel
    cancel t7
  except ETIMEDOUT
    repeat 2
      try
        sleep 20
      except ECANCELED
        acq s0
      endtry
    endrepeat
    put q0 5
  finally
    try
      with l0
        wait_for t3 3
        shield t2
      endwith
      log 99
      rel s0
    except ECANCELED
      try
        rel s0
        bwait b0
      endtry
    endtry
  endtry
end
coro c4
  sleep 3
  with s0
    await t8
  endwith
  sleep 5
  timeout 2
    timeout 0
      timeout 3
        sleep 10
        isr 10 cancel t5
      endtimeout
      busy 5
      with s0
        shield f0
      endwith
    endtimeout
  endtimeout
  cancel f0
  with l0
    gather t8 f0
  endwith
  with l0
    yield
  endwith
end
coro main
  spawn t0 c1
  rel s0
  spawn t1 c3
  spawn t2 c4
  spawn t3 c3
  spawn t4 c2
  spawn t5 c3
  spawn t6 c1
  spawn t7 c3
  spawn t8 c0
  try
    timeout 10
      cancel t7
      tg g74
        tgspawn g74 t0 c2
        with c0
          cwait c0
        endwith
        tgspawn g74 t4 c4
        yield
      endtg
      wait_for t1 20
      tg g78
        tgspawn g78 t0 c4
        getnw q0
        yield
      endtg
      try
        sleep 1
        timeout 20
          state t2
          cancel t3
        endtimeout
        try
          wait first - t1 t8
          yield
          raise 6
        endtry
      except ETIMEDOUT
        cancel t3
        wait_for t0 2
      finally
        cancel t2
      endtry
    endtimeout
  except EPERM
    log 0
  endtry
  try
    wait_for t3 5
  except *
    log 7
  endtry
  try
    wait_for t8 5
  except *
    log 76
  endtry
  try
    cancel t7
  except *
    log 36
  endtry
  try
    wait_for t5 3
  except *
    log 17
  endtry
  try
    wait_for t0 10
  except *
    log 91
  endtry
  ret 0
end
