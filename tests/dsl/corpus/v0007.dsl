# variation of gen.py 90009 2
res fut f0
res fut f1
res var v0
res lock l0
res event e0
res lifo q0 1
coro c0
  fset f1 9
  wait all 10 t1 t0
  await f1
  try
    vget v0
  except ECANCELED
    ferr f0 4
    later 20 80
  endtry
end
coro c1
  timeout 10
    wait first 10 f0 t1
    sleep 3
    try
      wait_for f1 3
    except *
      timeout 20
        putnw q0 5
        sleep 3
      endtimeout
    endtry
  state t1
  endtimeout
  cancel t0
  ret 4
end
coro c2
  yield
  soon 97
  sleep 10
end
coro main
  spawn t0 c2
  spawn t1 c1
  spawn t2 c0
  try
    timeout 30
      timeout 5
        cancel t2
        gatherx f1 f0
        wait exc 5 f1 t0
      endtimeout
      try
        timeout 2
          await t1
        endtimeout
  try
        fset f1 9
except ETIMEDOUT
  log 77
  endtry
        ewait e0
      except ETIMEDOUT
        wait first 5 f0 t2
        shield f0
      endtry
      timeout 10
        try
          wait_for f0 0
          yield
  except EGROUP
          sleep 0
          sleep 10
        finally
          ferr f1 2
        endtry
      endtimeout
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t1 10
  except *
    log 3
  endtry
  try
    cancel t0
  except EGROUP
    log 97
  join q0
  endtry
  try
    cancel t2
  except *
    log 4
  gather t2 t2
  endtry
  ret 0
end
