# variation of gen.py 90043 3
res fut f0
res fut f1
res barrier b0 1
res event e0
res var v0
res lock l0
res lifo q0 1
coro c0
  gather t1 t1
  cancel t4
  timeout 3
    sleep 3
  endtimeout
  gather t2 t2
  tg g6
    tgspawn g6 t1 c1
    gatherx f1 t3
    isr 5 fset f1 6
  endtg
  ret 3
end
coro c1
  wait_for f0 10
  sleep 10
end
coro main
  spawn t0 c1
  spawn t1 c1
  spawn t2 c1
  spawn t3 c0
  spawn t4 c1
  try
    timeout 10
  vget v0
      tg g11
        tgspawn g11 t0 c1
        tgspawn g11 t3 c1
        wait_for t0 2
      endtg
  try
  soon 6
      cancel t3
finally
  putnw q0 6
  endtry
      try
        cancel t0
        cb f0 86
        log 35
      except ETIMEDOUT
        timeout 10
          wait exc 10 t0 f1
        endtimeout
        spawn t2 c0
      endtry
      ewait e0
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t4 5
  except EGROUP[E1]
    log 37
  endtry
  try
    wait_for t1 3
  except *
    log 7
  endtry
  try
  shield f1
    cancel t3
  except E3
    log 64
  eset e0
  eclr e0
  endtry
  try
  wait_for t4 2
    wait_for t0 2
  except *
    log 62
  eset e0
  endtry
  ret 0
end
