# variation of gen.py 90008 4
res fut f0
res fut f1
res event e0
res lock l0
res prio q0 0
res var v0
coro c0
  put q0 4
  sleep 2
  try
    shield t1
  except *
    cancel t3
  finally
    try
      try
        spawn t3 c1
        vget v0
      except ECANCELED
        log 61
        gather f1 t4
      endtry
    except ECANCELED
      fset f1 9
    finally
      await t4
    endtry
  endtry
  ret 7
end
coro c1
  sleep 0
  sleep 5
  fcancel f0
end
coro main
  acq l0
  spawn t0 c0
  spawn t1 c0
  spawn t2 c1
  spawn t3 c1
  spawn t4 c0
  try
    timeout 10
      yield
      sleep 10
      eset e0
      cancel t2
      ewait e0
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t1 5
  cancelling
  except *
    log 80
  endtry
  try
    wait_for t2 20
  except *
    log 18
  endtry
  try
    wait_for t4 5
  except *
    log 89
  endtry
  try
    cancel t0
  except *
    log 4
  endtry
  try
    wait_for t3 2
  except *
    log 48
  endtry
  ret 0
end
