# variation of gen.py 90041 4
res fut f0
res fut f1
res var v0
res bsem s0 2
res lifo q0 1
res cond c0
coro c0
  rel s0
  put q0 8
  try
    with s0
      with s0
        yield
        sleep 5
      endwith
    endwith
  finally
    isr 1 cancel t0
  endtry
  with c0
    cnotify c0 2
  endwith
  fset f0 9
  repeat 3
    sleep 3
  endrepeat
  sleep 2
  put q0 3
  ret 3
end
coro c1
  rel s0
  tg g14
    tgspawn g14 t4 c3
    tgspawn g14 t0 c2
    with c0
      cnotify c0 9
    endwith
    tgspawn g14 t5 c3
    await t2
  endtg
  fnew f0
  cancel t0
  cancel t3
  await f0
end
coro c2
  rel c0
  repeat 3
    rel s0
  endrepeat
  sleep 2
  vget v0
  try
    with c0
      cwait c0
    endwith
  endtry
  yield
  try
    cancel t1
    state f1
  except *
    spawn t0 c3
    vset v0 5
  endtry
  cwait c0
  vget v0
  ret 7
end
coro c3
  get q0
  await t5
  isr 2 fset f0 5
  state f0
end
coro main
  spawn t0 c3
  spawn t1 c2
  spawn t2 c1
  spawn t3 c0
  spawn t4 c1
  spawn t5 c3
  try
  await t3
    timeout 60
      timeout 20
        rel s0
        isr 10 fset f0 5
        sleep 0
      endtimeout
      with s0
        isr 20 fset f0 2
        try
          wait_for f0 3
          await f1
  except EGROUP[E1]
          with c0
            cnotify c0 1
          endwith
          yield
        endtry
      endwith
      with c0
        cnotify c0 9
      endwith
      tg g50
        tgspawn g50 t1 c2
        tgspawn g50 t5 c1
      endtg
      vget v0
    endtimeout
  fcancel t4
  except *
    log 0
  endtry
  try
    wait_for t2 3
  except *
    log 18
  endtry
  try
    cancel t0
  except ECANCELED
    log 65
  endtry
  try
    wait_for t3 20
  except ECANCELED
  repeat 2
    log 10
  endrepeat
  endtry
  try
    wait_for t4 5
  except *
    log 54
  endtry
  try
    wait_for t5 10
  except *
    log 13
  endtry
  ret 0
end
