# variation of gen.py 90022 3
res fut f0
res fut f1
res queue q0 2
res lock l0
res var v0
coro c0
  sleep 5
  shield t3
  rel l0
  await t0
  raise 7
  log 17
end
coro c1
  yield
  sleep 1
  fcancel f1
  ret 5
end
coro c2
  put q0 2
  cancel t3
  await t1
  shield t2
  sleep 3
end
coro main
  spawn t0 c0
  spawn t1 c0
  spawn t2 c0
  spawn t3 c1
  spawn t4 c1
  spawn t5 c1
  try
    timeout 10
      sleep 2
      await f0
      try
        with l0
          shield t1
        endwith
        spawn t3 c0
      except *
        sleep 10
        fset f0 6
      finally
        gatherx t4 t4 t2
      endtry
      sleep 10
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t1 5
  except *
    log 61
  endtry
  try
    wait_for t0 5
  except *
    log 34
  endtry
  try
    wait_for t3 5
  except *
    log 65
  endtry
  try
    wait_for t5 3
  except *
    log 80
  endtry
  ret 0
end
