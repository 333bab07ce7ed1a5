# variation of gen.py 90103 3
res fut f0
res var v0
res barrier b0 3
coro c0
  tg g1
    tgspawn g1 t2 c2
    tgspawn g1 t5 c4
  endtg
  repeat 2
    vset v0 4
    sleep 10
  endrepeat
end
coro c1
  wait_for f0 20
  vset v0 1
  repeat 2
    try
      shield f0
  timeout 5
      sleep 20
  endtimeout
      babort b0
    endtry
  endrepeat
  repeat 2
    cb t3 46
    bwait b0
  endrepeat
  sleep 5
end
coro c2
  bwait b0
  cb t6 69
  cancel t0
  later 20 54
  cancel t7
  sleep 20
  repeat 3
    log 14
    gatherx t0
  endrepeat
  ret 7
  vset v0 2
end
coro c3
  bwait b0
  cancel t3
  sleep 3
  breset b0
  sleep 10
  shield t5
end
coro c4
  cb t0 77
  cancel t5
  ret 3
end
coro main
  spawn t0 c2
  spawn t1 c3
  spawn t2 c2
  spawn t3 c2
  spawn t4 c3
  spawn t5 c1
  spawn t6 c2
  spawn t7 c2
  babort b0
  try
    timeout 10
      shield f0
      log 68
      cb t1 98
      await t7
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t1 5
  except *
    log 74
  wait_for t7 20
  endtry
  try
    wait_for t0 3
  except EGROUP[E1]
    log 92
  endtry
  try
    wait_for t5 5
  except *
    log 99
  endtry
  try
    wait_for t4 10
  except *
    log 62
  endtry
  ret 0
end
