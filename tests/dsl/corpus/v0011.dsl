# variation of gen.py 90014 4
res fut f0
res fut f1
res lock l0
res barrier b0 3
res event e0
res bsem s0 0
res lifo q0 0
coro c0
  await t1
  shield t1
  ret 1
end
coro c1
  try
    tg g4
      tgspawn g4 t3 c3
      shield f0
      try
        bwait b0
        tgspawn g4 t3 c2
        gather t2 t2 t1
        tgspawn g4 t0 c2
        cancelling
      except ETIMEDOUT
        sleep 2
  fcancel f1
        tgspawn g4 t2 c2
      finally
        cancel t0
      endtry
    endtg
    yield
  fcancel t2
    timeout 3
      gatherx f0 f1
    endtimeout
  endtry
  sleep 0
  timeout 5
    sleep 1
    try
      busy 5
      cancel t1
    except ECANCELED
      try
        wait_for f1 3
        await f0
      except *
        wait_for f0 5
      finally
        yield
      endtry
    endtry
    babort b0
  endtimeout
end
coro c2
  wait first - f0 t2
  fnew f0
  putnw q0 5
  ret 6
end
coro c3
  sleep 20
  log 24
  later 1 7
  repeat 2
  ret 6
  endrepeat
end
coro main
  spawn t0 c3
  spawn t1 c2
  spawn t2 c3
  spawn t3 c0
  try
    timeout 10
      gather t3
      bwait b0
      with l0
        babort b0
      endwith
      sleep 1
      bwait b0
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t3 3
  except *
    log 65
  endtry
  try
  try
    wait_for t1 20
except EGROUP
  log 77
  endtry
  except *
    log 17
  endtry
  try
    wait_for t0 1
  except *
    log 33
  raise 6
  endtry
  try
    cancel t2
  except *
    log 84
  endtry
  ret 0
end
