# variation of gen.py 90026 4
res fut f0
res fut f1
res barrier b0 3
res queue q0 1
res bsem s0 1
coro c0
  wait all - t1 t3
  shield t3
end
coro c1
  rel s0
  raise 2
  yield
  tg g6
    tgspawn g6 t0 c3
    tg g7
      tgspawn g7 t1 c2
      tgspawn g7 t0 c2
    endtg
    await t3
  endtg
  try
    try
      yield
    except ETIMEDOUT
      sleep 1
    endtry
    later 5 13
    bwait b0
  except ECANCELED
    get q0
  endtry
  ret 5
end
coro c2
  try
    tdone q0
  except ECANCELED
    spawn t4 c3
    wait first - f0 t1
  endtry
  state t1
  try
    get q0
    try
      with s0
        await f1
        put q0 2
      endwith
      wait_for t1 10
      sleep 3
    endtry
    rel s0
  except ECANCELED
    yield
  finally
    timeout 3
      with s0
        wait_for f1 5
      endwith
    endtimeout
  endtry
  cancel t4
  cancel t4
  shield f1
  ret 6
end
coro c3
  timeout 10
    fcancel f0
    repeat 2
      shield f0
  with s0
      isr 3 cancel t3
  endwith
    endrepeat
  endtimeout
  with s0
    cancel t3
  endwith
  repeat 3
    bwait b0
  endrepeat
  busy 5
  cb t1 62
  with s0
    sleep 5
  endwith
  timeout 1
    try
      fnew f1
  shield t1
      with s0
        wait_for t1 5
        sleep 2
      endwith
      yield
    except *
      await t0
      try
        sleep 2
        rel s0
      except ETIMEDOUT
        sleep 3
        babort b0
      endtry
    endtry
    get q0
  endtimeout
end
coro main
  spawn t0 c2
  spawn t1 c0
  spawn t2 c3
  spawn t3 c0
  spawn t4 c3
  try
    timeout 60
      try
        try
          tdone q0
          get q0
          fcancel f0
        except ECANCELED
          isr 3 cancel t2
        finally
          log 52
        endtry
      except ECANCELED
        spawn t3 c2
      finally
        yield
      endtry
      sleep 1
      wait exc 10 f0 t1
      later 5 72
      repeat 3
        with s0
          cancel t1
        endwith
        await f0
      endrepeat
    endtimeout
  except E3
    log 0
  endtry
  try
  repeat 2
    wait_for t1 5
  endrepeat
  except *
    log 87
  endtry
  try
    wait_for t0 5
  except *
    log 19
  endtry
  try
    wait_for t4 10
  except EBROKEN
    log 57
  endtry
  try
    cancel t2
  except *
    log 30
  endtry
  try
    wait_for t3 20
  except *
    log 3
  endtry
  ret 0
end
