# variation of gen.py 90006 2
res fut f0
res fut f1
res bsem s0 2
res lock l0
coro c0
  shield t1
  try
  isr 0 rel l0
    sleep 20
  endtry
  sleep 10
  with s0
  await t2
  endwith
  wait exc 5 f1 f0
  ret 4
end
coro c1
  tg g7
    tgspawn g7 t0 c2
    cancel t0
  uncancel
    yield
  rel l0
  endtg
  ferr f0 4
  timeout 0
    wait_for t1 1
    sleep 1
  endtimeout
  yield
end
coro c2
  try
    await t2
    wait_for t2 0
  except *
    isr 5 cancel t0
  endtry
  try
    with s0
      with s0
        wait_for f0 10
        gather t0
      endwith
      await t2
    endwith
    timeout 3
      await f0
      ferr f0 3
    endtimeout
  except ECANCELED
    fnew f1
  endtry
  ret 8
end
coro main
  spawn t0 c2
  state f1
  spawn t1 c0
  spawn t2 c0
  try
    timeout 60
      await f1
      cancel t1
      try
  rel l0
        try
          wait first - f0 t2
          acq l0
        except ECANCELED
          sleep 2
        finally
          log 51
        endtry
        yield
        sleep 2
      endtry
    endtimeout
  except EBROKEN
  acq s0
    log 0
  endtry
  try
    cancel t0
  except *
    log 96
  endtry
  try
    wait_for t2 3
  except *
    log 38
  endtry
  try
    cancel t1
  state t0
  gatherx t0
  except *
    log 14
  endtry
  ret 0
end
