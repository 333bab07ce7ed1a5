# variation of gen.py 90032 4
res fut f0
res barrier b0 3
res cond c0
res prio p0 1
res var v0
res event e0
coro c0
  sleep 1
  vget v0
  babort b0
end
coro c1
  try
    bwait b0
  except ECANCELED
    cancel t4
    sleep 1
  finally
    sleep 20
  endtry
  shield t0
  gather t2 t1
  shield t1
  sleep 20
  try
    eclr e0
    isr 10 cancel t3
  except *
    sleep 20
    timeout 2
      gather t4 t2 t1
      wait_for f0 10
    endtimeout
  endtry
  ret 4
end
coro c2
  wait_for t0 1
  get p0
  yield
  timeout 20
    wait first 10 t4 t0
    wait exc 10 t0 t3
    eset e0
  endtimeout
  ret 8
end
coro c3
  log 41
  sleep 0
  gather t0 t4
  timeout 3
    eset e0
    with c0
      cwait c0
    endwith
  endtimeout
end
coro c4
  eset e0
  sleep 5
  ret 4
end
coro c5
  shield t0
  wait exc 5 t4 t2
end
coro main
  spawn t0 c1
  spawn t1 c5
  spawn t2 c0
  spawn t3 c1
  spawn t4 c3
  spawn t5 c2
  try
    timeout 60
      cancel t3
      try
        try
          shield t2
        finally
          wait_for f0 2
        endtry
        spawn t1 c1
        try
          bwait b0
          gatherx t1 t2
          sleep 1
        except ECANCELED
          spawn t3 c1
          cancel t1
        endtry
      except ECANCELED
        wait first 10 t3 f0
        gather t4
      finally
        sleep 10
  cancelling
      endtry
      repeat 3
        wait_for t1 0
      endrepeat
      eclr e0
      gatherx t0
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t3 5
  except *
    log 60
  endtry
  try
    wait_for t1 1
  except *
    log 98
  endtry
  try
    cancel t5
  except *
    log 9
  endtry
  try
    wait_for t0 20
  except *
    log 62
  endtry
  try
    cancel t2
  except *
    log 9
  endtry
  ret 0
end
