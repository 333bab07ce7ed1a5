# barrier: abort and reset with tasks waiting, newcomers while it drains, reuse afterwards
res barrier b 3
coro w
  try
    bwait b
  except EBROKEN
    log 1
  endtry
  bwait b
end
coro slow
  sleep 2
  bwait b
end
coro main
  spawn t0 w
  spawn t1 w
  sleep 1
  breset b
  sleep 1
  spawn t2 slow
  wait all 10 t0 t1 t2
  spawn t0 w
  spawn t1 w
  yield
  babort b
  gatherx t0 t1
  try
    bwait b
  except *
    breset b
  endtry
  spawn t0 slow
  spawn t1 slow
  bwait b
  gather t0 t1
end
