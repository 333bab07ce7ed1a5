# variation of gen.py 90005 4
res fut f0
res event e0
res prio p0 0
res bsem s0 1
res barrier b0 2
res cond c0
coro c0
  soon 84
  cancel t0
  try
    ewait e0
    repeat 2
      raise 7
    endrepeat
  except ECANCELED
    yield
  endtry
  rel s0
  spawn t1 c1
  ret 6
end
coro c1
  try
    yield
  endtry
  rel s0
  tg g13
    tgspawn g13 t3 c2
    tgspawn g13 t4 c3
    cancel t5
    tgspawn g13 t3 c3
    sleep 2
    tgspawn g13 t4 c3
  endtg
  join p0
  fnew f0
  gatherx t5 f0
end
coro c2
  cancel t2
  wait all 10 t5 t6
  cb t6 90
  sleep 3
  cancel t4
  ret 4
end
coro c3
  shield f0
  await t7
  with c0
    cnotify c0 2
  endwith
  try
    sleep 5
  except *
    cancel t6
    try
      shield f0
    except ECANCELED
  ferr t2 3
      try
        yield
        cancel t5
      except ETIMEDOUT
        sleep 10
      finally
        sleep 5
      endtry
      shield t6
    endtry
  finally
    yield
  await t7
  endtry
end
coro main
  spawn t0 c0
  spawn t1 c2
  spawn t2 c3
  eclr e0
  spawn t3 c1
  spawn t4 c0
  spawn t5 c3
  spawn t6 c1
  spawn t7 c1
  try
    timeout 60
      try
        isr 2 fset f0 8
      except ECANCELED
        try
          spawn t4 c0
          wait first - t4 t7
  try
          cancel t4
finally
  shield t3
  endtry
        except ECANCELED
  try
          sleep 2
except EBROKEN
  log 77
  endtry
        endtry
        wait_for t6 5
      finally
        await f0
      endtry
      with s0
        wait_for f0 5
      endwith
      sleep 5
      wait first 5 t5 t7
      cancel t6
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t7 5
  except *
    log 1
  endtry
  try
    wait_for t5 1
  except *
    log 3
  endtry
  try
    cancel t3
  except *
    log 32
  endtry
  try
    cancel t2
  except *
    log 41
  endtry
  try
    wait_for t4 5
  except *
    log 6
  endtry
  ret 0
end
