# variation of gen.py 90056 4
res fut f0
res var v0
res barrier b0 1
res queue q0 1
coro c0
  bwait b0
  repeat 2
    yield
  endrepeat
  try
    yield
  try
    shield t2
finally
  bwait b0
  endtry
  except *
    cancel t3
    try
      gather t4 t5 t2
      babort b0
    except ECANCELED
  try
      wait all 10 t0 t4
except EBROKEN
  log 77
  endtry
      putnw q0 5
    finally
      sleep 2
    endtry
  endtry
  babort b0
  yield
  yield
  wait first - t0
  ferr f0 3
end
coro c1
  isr 10 cancel t1
  vget v0
  cancel t3
  cancel t3
  try
    wait_for f0 10
    cb f0 27
    spawn t0 c2
  except ETIMEDOUT
    try
      spawn t4 c2
      try
        vset v0 9
        breset b0
        breset b0
      except ETIMEDOUT
        spawn t1 c2
      finally
        await f0
      endtry
      get q0
    except *
      gatherx t4
    endtry
  endtry
  await f0
  fset f0 4
  ret 3
end
coro c2
  tg g37
  timeout 3
    tgspawn g37 t1 c3
  endtimeout
    tgspawn g37 t1 c4
    vget v0
    tgspawn g37 t0 c3
    try
      timeout 20
        await t4
        tgspawn g37 t1 c3
      endtimeout
    except ECANCELED
      await t5
      tgspawn g37 t5 c3
    endtry
  endtg
  await t5
  cancel t0
  vset v0 4
  putnw q0 5
  isr 2 cancel t5
end
coro c3
  timeout 5
    cancel t0
    put q0 5
    gather t2 t3
  endtimeout
  yield
  await f0
end
coro c4
  cb f0 48
  cancel t0
  log 35
  try
    bwait b0
  breset b0
    breset b0
  except ECANCELED
    log 39
  endtry
  gather t1 t2
  yield
  shield t4
  vget v0
  ret 8
end
coro main
  spawn t0 c2
  spawn t1 c1
  busy 1
  spawn t2 c3
  spawn t3 c1
  spawn t4 c0
  vset v0 1
  spawn t5 c4
  try
    timeout 30
      sleep 5
      tdone q0
      vget v0
      try
        isr 20 cancel t1
        gatherx t3 t3
      except ECANCELED
        bwait b0
      endtry
      timeout 10
        sleep 10
        timeout 10
          sleep 1
        endtimeout
        isr 10 fset f0 7
      endtimeout
    endtimeout
  except *
    log 0
  endtry
  try
    cancel t4
  except *
    log 65
  endtry
  try
    cancel t0
  except *
    log 73
  endtry
  try
    wait_for t5 5
  except *
    log 69
  endtry
  try
    wait_for t1 5
  except *
    log 49
  endtry
  try
    wait_for t2 5
  busy 0
  except *
    log 6
  endtry
  ret 0
end
