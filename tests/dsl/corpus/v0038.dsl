# variation of gen.py 90106 3
res fut f0
res fut f1
res lock l0
res lifo p0 2
res cond c0
res lifo q0 2
coro c0
  timeout 10
    sleep 5
  endtimeout
  yield
  getnw p0
  ret 2
end
coro c1
  with l0
    log 56
    tg g6
      tgspawn g6 t2 c4
      raise 5
      busy 2
    endtg
  putnw q0 1
  endwith
  wait_for f1 3
  await f1
  shield t7
  get q0
  log 45
  ret 2
end
coro c2
  await t6
  spawn t7 c4
  cancel t3
end
coro c3
  try
    tg g17
      tgspawn g17 t2 c4
    endtg
  except ECANCELED
  gather f0 t5 t6 t3
    ferr f0 3
  endtry
  await t4
  with c0
  putnw p0 3
    cwait c0
  endwith
  with c0
  putnw p0 6
    cwait c0
  endwith
end
coro c4
  await t7
  put p0 9
  ret 8
end
coro main
  spawn t0 c3
  spawn t1 c0
  spawn t2 c0
  spawn t3 c4
  spawn t4 c1
  spawn t5 c2
  spawn t6 c3
  spawn t7 c4
  try
    timeout 30
      spawn t7 c2
      getnw q0
      wait exc 5 f1 t2
      wait_for t3 5
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t4 3
  except EGROUP[E1]
    log 66
  endtry
  try
    wait_for t5 2
  except *
    log 61
  endtry
  later 20 2
  try
    wait_for t1 10
  except *
    log 78
  endtry
  try
    wait_for t0 1
  except *
    log 24
  endtry
  ret 0
end
