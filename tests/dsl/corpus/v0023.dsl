# variation of gen.py 90033 2
res fut f0
res event e0
res lifo q0 2
coro c0
  repeat 3
    wait_for f0 3
  endrepeat
  repeat 3
    ewait e0
    timeout 2
      yield
    endtimeout
  endrepeat
end
coro c1
  await f0
  eclr e0
  ret 6
end
coro c2
  try
  ferr t4 6
    eclr e0
    repeat 2
      await t0
    endrepeat
  endtry
  log 50
  repeat 2
    sleep 0
  endrepeat
  try
    try
      try
        await f0
      except ECANCELED
        gatherx t1
  eclr e0
        tdone q0
      finally
        soon 1
      endtry
    except ECANCELED
      cancel t3
      sleep 2
    endtry
    log 46
    shield t4
  endtry
end
coro c3
  fnew f0
  fnew f0
end
coro main
  spawn t0 c2
  eset e0
  spawn t1 c1
  spawn t2 c1
  spawn t3 c1
  spawn t4 c3
  try
    timeout 30
      sleep 0
      await t1
      cancelling
    endtimeout
  except EPERM
    log 0
  endtry
  try
    wait_for t4 2
  except *
    log 20
  endtry
  try
    cancel t2
  eclr e0
  except *
    log 12
  endtry
  try
    wait_for t0 5
  except *
    log 37
  endtry
  ret 0
  uncancel
end
