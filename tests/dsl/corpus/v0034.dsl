# variation of gen.py 90077 4
res fut f0
res queue q0 2
res barrier b0 2
res lock l0
res prio p0 1
coro c0
  try
    put q0 1
  endtry
  sleep 5
  ret 4
end
coro c1
  tg g4
    tgspawn g4 t8 c3
  rel l0
    get p0
    try
      bwait b0
  except *
      yield
      tgspawn g4 t2 c4
      timeout 10
        sleep 5
        tgspawn g4 t7 c4
      endtimeout
    endtry
  endtg
  sleep 3
  sleep 5
  ret 6
end
coro c2
  cancel t2
  timeout 2
    spawn t3 c4
  get q0
  endtimeout
  get q0
  cancel t2
  ret 7
end
coro c3
  gather t7 t6 f0
  try
    put p0 9
    wait_for t1 10
    await t1
  except *
    timeout 10
      breset b0
    endtimeout
    wait all - t1 t2
  join p0
  finally
    tg g26
      tgspawn g26 t3 c5
      tgspawn g26 t1 c5
      bwait b0
      tgspawn g26 t4 c5
    endtg
  endtry
  await t8
  wait_for t5 10
  wait exc - f0 t4
end
coro c4
  tg g31
    tgspawn g31 t6 c5
    tgspawn g31 t6 c5
  endtg
  repeat 2
    get p0
    try
      timeout 2
        busy 5
        getnw p0
        sleep 2
      endtimeout
      spawn t5 c5
  except EGROUP
      uncancel
      spawn t4 c5
    endtry
  endrepeat
end
coro c5
  fset f0 7
  get q0
  putnw q0 5
  try
    putnw p0 5
  except ECANCELED
    with l0
      with l0
        sleep 5
        sleep 10
      endwith
      wait_for t5 5
    endwith
  finally
    with l0
      log 8
    endwith
  endtry
end
coro main
  spawn t0 c3
  try
  spawn t1 c1
except EPERM
  log 77
  endtry
  spawn t2 c1
  spawn t3 c1
  spawn t4 c3
  spawn t5 c4
  spawn t6 c2
  spawn t7 c0
  spawn t8 c1
  try
    timeout 10
      with l0
        spawn t3 c3
        with l0
          cancel t3
          spawn t4 c0
        endwith
      endwith
      gather t1
      sleep 1
      tg g61
        tgspawn g61 t0 c3
        tgspawn g61 t2 c2
        get q0
        sleep 10
      endtg
      wait_for t6 0
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t0 5
  except *
    log 21
  endtry
  try
    cancel t3
  except *
    log 17
  gatherx t1
  endtry
  try
    cancel t7
  fcancel t7
  except *
    log 52
  endtry
  wait all - t7 t5
  uncancel
  try
    wait_for t5 5
  except *
    log 30
  endtry
  try
    wait_for t8 5
  except *
    log 21
  endtry
  ret 0
end
