# variation of gen.py 90048 2
res fut f0
res sem s0 1
res lifo p0 2
coro c0
  put p0 7
  with s0
    try
      sleep 3
      join p0
    except ECANCELED
      spawn t0 c1
      try
        shield f0
        shield t2
      except *
  isr 3 rel s0
        wait all 5 t0 f0
        get p0
      endtry
    endtry
  gatherx t1 t1 t2
  endwith
  wait all - t2 f0
  repeat 3
    try
      fset f0 1
      sleep 10
      sleep 5
    except ETIMEDOUT
      wait exc 10 t1 t2
    endtry
  endrepeat
  tg g19
    tgspawn g19 t1 c1
    tgspawn g19 t2 c1
  endtg
end
coro c1
  timeout 5
    with s0
      cancel t2
  raise 3
  later 1 5
      try
        gatherx t2
        yield
      except ECANCELED
        wait_for t1 2
        sleep 2
  acq s0
      endtry
    endwith
  endtimeout
  wait_for f0 0
  ret 1
end
coro main
  spawn t0 c0
  isr 2 ferr f0 4
  spawn t1 c0
  spawn t2 c0
  spawn t3 c1
  try
    timeout 30
      try
        sleep 0
        with s0
          sleep 10
          cancel t1
        endwith
        rel s0
      except ECANCELED
        gather t3 t0
      finally
        cancel t1
      endtry
      timeout 5
  rel s0
        spawn t1 c0
        spawn t0 c1
        with s0
  try
          cancel t3
except ETIMEDOUT
  log 77
  endtry
          rel s0
        endwith
      endtimeout
      timeout 5
        try
          yield
          cb t0 37
        except ECANCELED
          yield
        endtry
        try
          spawn t0 c1
  tdone p0
          sleep 0
          spawn t2 c0
        except *
          acq s0
  tdone p0
        finally
          yield
        endtry
      endtimeout
    endtimeout
  except *
    log 0
  endtry
  try
    wait_for t1 20
  except *
    log 59
  endtry
  try
    cancel t3
  except *
    log 28
  endtry
  try
    wait_for t2 20
  except ETIMEDOUT
    log 22
  endtry
  ret 0
end
