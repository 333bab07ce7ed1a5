# variation of gen.py 90034 3
res fut f0
res lock l0
res prio q0 0
res sem s0 0
res prio p0 1
res barrier b0 1
coro c0
  join q0
  cancel t0
  cb f0 35
  yield
  ret 1
end
coro c1
  wait exc 5 t3 t5
  spawn t3 c2
  try
    wait_for f0 5
  except ETIMEDOUT
    timeout 2
      timeout 10
        await t2
        await t0
      endtimeout
      await t1
    endtimeout
  endtry
  babort b0
end
coro c2
  babort b0
  put p0 3
  sleep 3
  soon 85
  try
    tg g19
      tgspawn g19 t5 c3
    endtg
    yield
    putnw q0 5
  except ETIMEDOUT
    fnew f0
  finally
    tg g23
      tgspawn g23 t0 c3
      tgspawn g23 t5 c3
    endtg
  endtry
  raise 3
end
coro c3
  sleep 10
  fcancel f0
  tdone q0
  sleep 5
  ret 5
end
coro main
  spawn t0 c2
  spawn t1 c2
  spawn t2 c2
  spawn t3 c3
  spawn t4 c1
  babort b0
  spawn t5 c1
  try
    timeout 30
      shield t5
      cb t2 98
      rel l0
      try
        wait_for t3 2
        await f0
        ferr f0 2
      except *
        await f0
      endtry
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t3 10
  except E3
    log 14
  endtry
  try
    wait_for t0 20
  except *
    log 87
  endtry
  try
    wait_for t5 2
  except EGROUP[E1]
    log 85
  endtry
  try
    wait_for t2 5
  except *
    log 2
  getnw p0
  endtry
  ret 0
end
