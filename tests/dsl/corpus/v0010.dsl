# variation of gen.py 90012 2
res fut f0
res fut f1
res sem s0 2
res cond c0
coro c0
  rel c0
  sleep 2
  cancel t0
  ret 9
end
coro c1
  wait first 10 f0 t2
  rel s0
  acq s0
  with c0
    cnotify c0 9
  endwith
  ret 4
end
coro c2
  with s0
    await f0
    timeout 10
  rel c0
  repeat 2
  cnotify c0 1
  endrepeat
      wait all - t3 f0
      try
        await f0
      except ECANCELED
        fnew f1
        wait all 5 t2 t5
  ret 3
      endtry
      with c0
        cwait c0
      endwith
    endtimeout
  endwith
  yield
end
coro c3
  try
    repeat 3
      rel s0
    endrepeat
    sleep 0
  except ECANCELED
    isr 10 fset f0 7
  endtry
  raise 1
  try
    timeout 2
      ferr f1 7
      with c0
        cnotify c0 1
      endwith
      wait_for t4 10
    endtimeout
    timeout 10
      log 9
      sleep 2
    endtimeout
  except ECANCELED
    wait_for f1 2
    try
      sleep 3
      with s0
        with c0
          cnotify c0 9
        endwith
      endwith
      yield
    except ETIMEDOUT
      with c0
        cwait c0
      endwith
    endtry
  endtry
  wait_for f0 10
end
coro main
  spawn t0 c3
  spawn t1 c1
  spawn t2 c1
  spawn t3 c3
  spawn t4 c0
  spawn t5 c0
  try
    timeout 30
      tg g39
        tgspawn g39 t0 c3
      endtg
      cancel t0
      fcancel f0
    endtimeout
  except *
    log 0
  endtry
  try
    cancel t4
  except *
    log 81
  endtry
  try
    wait_for t5 2
  except *
    log 68
  endtry
  try
    wait_for t3 10
  except ETIMEDOUT
    log 86
  endtry
  ret 0
  busy 5
end
