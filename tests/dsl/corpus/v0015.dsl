# variation of gen.py 90019 3
res fut f0
res queue q0 2
res event e0
res lock l0
res var v0
coro c0
  eset e0
  try
  try
    fnew f0
finally
  wait_for t1 20
  endtry
    sleep 5
    sleep 0
  except *
    eset e0
  finally
    cancel t4
  endtry
  ret 4
end
coro c1
  wait_for t2 20
  repeat 2
    vset v0 4
  endrepeat
end
coro c2
  shield t2
  timeout 5
    with l0
      fcancel f0
    endwith
    shield t4
    tg g16
      tgspawn g16 t4 c4
    endtg
  endtimeout
  get q0
  spawn t3 c4
  timeout 1
  acq l0
  endtimeout
  cancel t4
  cancel t0
  ret 6
end
coro c3
  spawn t1 c4
  shield t4
  await f0
  yield
  ret 1
end
coro c4
  sleep 5
  timeout 20
    sleep 1
    put q0 1
  endtimeout
  eset e0
  sleep 5
  yield
  ret 8
end
coro main
  spawn t0 c0
  spawn t1 c1
  spawn t2 c3
  spawn t3 c0
  spawn t4 c1
  vset v0 3
  try
    timeout 60
      try
        try
          sleep 2
          rel l0
        except ECANCELED
          spawn t1 c3
          await t2
        finally
          yield
        endtry
      endtry
      eset e0
      timeout 5
        try
          sleep 10
          spawn t3 c2
          tdone q0
        except ECANCELED
          spawn t4 c4
          cancel t2
        endtry
      endtimeout
      cancel t0
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t1 1
  except EBROKEN
    log 92
  endtry
  try
    wait_for t4 10
  except *
    log 49
  endtry
  try
    wait_for t0 20
  except *
    log 66
  endtry
  try
    wait_for t2 3
  except *
    log 74
  endtry
  ret 0
end
