# variation of gen.py 90046 3
res fut f0
res fut f1
res barrier b0 2
res var v0
res lock l0
res prio q0 0
coro c0
  timeout 5
    rel l0
    repeat 2
      vget v0
    endrepeat
  fcancel t1
    babort b0
  endtimeout
  tg g6
    tgspawn g6 t1 c1
    sleep 2
    with l0
      put q0 6
  rel l0
      with l0
        shield t0
      endwith
    endwith
  endtg
  sleep 5
  tg g13
    tgspawn g13 t1 c1
  ret 2
  endtg
  ret 9
end
coro c1
  with l0
    with l0
      sleep 10
      sleep 20
    endwith
    cancel t1
  endwith
  isr 1 fset f0 2
  ferr f1 8
  try
    try
      sleep 1
      vget v0
    except ETIMEDOUT
      bwait b0
  yield
      cancel t1
    endtry
  cb t1 3
  except ETIMEDOUT
    sleep 2
    log 5
  endtry
  gather t1 f0 f1
end
coro main
  spawn t0 c0
  spawn t1 c0
  try
    timeout 60
      vset v0 2
      with l0
        with l0
          sleep 10
          sleep 5
        endwith
        try
          babort b0
          sleep 0
  except ETIMEDOUT
          spawn t1 c1
          gatherx f0 t0
        endtry
      endwith
  get q0
      gather f0
      breset b0
    endtimeout
  except *
  timeout 5
    log 0
  endtimeout
  endtry
  try
    wait_for t1 5
  except *
    log 33
  endtry
  try
    wait_for t0 5
  except EGROUP
    log 46
  endtry
  ret 0
end
