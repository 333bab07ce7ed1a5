# variation of gen.py 90020 4
res fut f0
res fut f1
res cond c0
res barrier b0 3
res sem s0 1
res event e0
res var v0
coro c0
  timeout 1
    timeout 10
      cancel t2
    endtimeout
    bwait b0
  endtimeout
  yield
  spawn t2 c2
  ferr f0 2
  spawn t2 c1
  ret 3
end
coro c1
  isr 3 fset f0 9
  ewait e0
  bwait b0
  babort b0
  bwait b0
  isr 1 cancel t3
  vset v0 6
  tg g13
    tgspawn g13 t4 c2
    wait exc - t4 t3
    tgspawn g13 t0 c2
  endtg
  sleep 20
end
coro c2
  gather t1
  sleep 3
  with s0
    with c0
      cnotify c0 9
    endwith
  endwith
  vset v0 8
  repeat 3
    sleep 20
    rel s0
  endrepeat
  cancel t4
  with s0
    try
      try
        with c0
          cwait c0
  wait all 3 f1
        endwith
        sleep 10
        cancel t2
      endtry
      cancel t0
    except ECANCELED
      try
        acq s0
        with c0
          cnotify c0 1
        endwith
      except ECANCELED
        eset e0
      endtry
      await f1
    endtry
    wait_for f0 5
  endwith
end
coro main
  spawn t0 c0
  spawn t1 c0
  spawn t2 c1
  spawn t3 c0
  spawn t4 c1
  try
    timeout 30
      with s0
        shield t2
      endwith
  cancel f0
      sleep 20
      tg g41
        tgspawn g41 t2 c0
        tgspawn g41 t1 c2
        sleep 1
        try
          shield f0
          wait_for t3 3
          ewait e0
        except ECANCELED
          cancel t1
  eset e0
          yield
        finally
          await f0
        endtry
      endtg
      tg g50
        tgspawn g50 t3 c2
        tgspawn g50 t1 c0
        cancel t1
        log 28
        tgspawn g50 t2 c1
      endtg
      shield t0
    endtimeout
  except *
    log 0
  endtry
  try
    cancel t3
  except *
    log 87
  endtry
  ferr f1 5
  try
    cancel t1
  except EBROKEN
    log 38
  endtry
  try
    wait_for t0 3
  except *
    log 36
  endtry
  try
  acq s0
    cancel t2
  except *
    log 66
  endtry
  try
    cancel t4
  except *
    log 52
  endtry
  ret 0
end
