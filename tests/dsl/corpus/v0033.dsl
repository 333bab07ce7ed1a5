# variation of gen.py 90070 3
res fut f0
res fut f1
res bsem s0 2
res lifo q0 1
res prio p0 1
res event e0
coro c0
  try
    getnw p0
    await t3
  except ECANCELED
    tg g4
      tgspawn g4 t0 c1
      with s0
        sleep 0
      endwith
    endtg
    timeout 20
      eset e0
    endtimeout
  finally
  yield
    tg g9
      tgspawn g9 t2 c1
      try
        raise 4
        eset e0
  state f0
        gather f0 f1
        tgspawn g9 t0 c1
      endtry
      sleep 10
    endtg
  endtry
  cancel t1
  sleep 10
  log 64
  with s0
    shield t2
    busy 1
  endwith
  ret 2
end
coro c1
  yield
  acq s0
  eclr e0
  ferr f0 6
  ret 2
end
coro main
  spawn t0 c0
  spawn t1 c0
  spawn t2 c1
  spawn t3 c1
  spawn t4 c0
  try
    timeout 10
      wait exc - t3 t1
      rel s0
      eclr e0
      eset e0
    endtimeout
  except *
    log 0
  endtry
  try
    cancel t2
  except *
    log 62
  endtry
  try
    wait_for t0 10
  except *
    log 46
  endtry
  try
    wait_for t1 10
  except *
    log 90
  endtry
  try
    wait_for t4 5
  except *
    log 53
  endtry
  ret 0
end
