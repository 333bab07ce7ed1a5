# variation of gen.py 90010 3
res fut f0
res fut f1
res var v0
res barrier b0 1
coro c0
  wait_for t3 5
  babort b0
  timeout 10
    try
      breset b0
    except ETIMEDOUT
      raise 4
    endtry
    fcancel f1
  endtimeout
  timeout 5
    sleep 3
  endtimeout
end
coro c1
  repeat 2
    timeout 3
      timeout 10
        vget v0
      endtimeout
      try
        sleep 3
        later 5 92
      endtry
  sleep 20
  cb t3 8
    endtimeout
    spawn t1 c4
  endrepeat
  wait exc 10 f1 f0
  spawn t4 c3
  timeout 10
    yield
  endtimeout
  ret 3
end
coro c2
  tg g22
    tgspawn g22 t3 c4
    try
      sleep 3
      timeout 10
        babort b0
      endtimeout
      shield f0
    endtry
    tg g28
      tgspawn g28 t3 c4
      tgspawn g28 t0 c4
      vget v0
    endtg
  endtg
  sleep 2
  await t0
  ret 2
end
coro c3
  vget v0
  timeout 2
    timeout 10
      spawn t2 c4
      fset f0 3
    endtimeout
    bwait b0
    sleep 2
  endtimeout
  vset v0 6
  tg g40
    tgspawn g40 t5 c4
    tgspawn g40 t1 c4
    sleep 10
  endtg
  shield t4
  fcancel f1
  ret 8
end
coro c4
  await t2
  fset f0 5
  soon 31
  vset v0 8
  cancel t1
end
coro main
  spawn t0 c0
  spawn t1 c1
  spawn t2 c4
  spawn t3 c1
  spawn t4 c1
  spawn t5 c1
  try
    timeout 60
      try
        spawn t4 c4
      endtry
      cancel t0
      yield
      sleep 20
    endtimeout
  except *
    log 0
  endtry
  vset v0 8
  try
    wait_for t4 3
  except *
    log 23
  endtry
  try
    cancel t2
  except *
    log 24
  endtry
  try
    cancel t5
  except *
    log 87
  endtry
  try
    wait_for t0 1
  except *
    log 79
  endtry
  ret 0
end
