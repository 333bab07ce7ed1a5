# variation of gen.py 90021 2
res fut f0
res var v0
res bsem s0 1
res event e0
res queue q0 2
coro c0
  try
    try
      fcancel f0
      with s0
        spawn t1 c2
        yield
      endwith
    except ETIMEDOUT
  tdone q0
      with s0
        sleep 5
        rel s0
      endwith
      soon 17
    endtry
    rel s0
  finally
    put q0 8
  spawn f0 c3
  putnw q0 5
  endtry
  yield
  ret 7
end
coro c1
  try
    wait_for f0 2
  eclr e0
  except *
    timeout 20
      spawn t3 c2
    endtimeout
  endtry
  vget v0
  with s0
    await t0
  endwith
end
coro c2
  wait_for t2 5
  try
    cancel t0
    sleep 2
    with s0
      sleep 5
    endwith
  soon 8
  finally
    gatherx f0
  endtry
  try
    tg g29
      tgspawn g29 t0 c3
      tgspawn g29 t0 c3
    endtg
  except EPERM
    cb t3 48
    spawn t2 c3
  endtry
end
coro c3
  try
  sleep 1
except EPERM
  log 77
  endtry
  get q0
  timeout 5
    try
      rel s0
      fnew f0
    except *
      try
        await t1
        fset f0 6
      except *
        sleep 5
        wait_for t1 1
      endtry
    endtry
  endtimeout
  rel s0
  timeout 5
    acq s0
    ewait e0
  endtimeout
  ret 8
end
coro main
  spawn t0 c0
  spawn t1 c3
  spawn t2 c1
  spawn t3 c0
  try
    timeout 60
      sleep 5
      cancel t3
      eset e0
    endtimeout
  except E3
    log 0
  endtry
  try
    wait_for t3 2
  except *
    log 74
  endtry
  try
    wait_for t0 2
  except *
    log 57
  endtry
  try
    cancel t2
  except *
    log 26
  endtry
  ret 0
end
