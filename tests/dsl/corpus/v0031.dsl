# variation of gen.py 90052 3
res fut f0
res queue q0 0
res event e0
coro c0
  await t2
  repeat 2
    ewait e0
    tdone q0
  endrepeat
  ret 1
end
coro c1
  log 62
  sleep 3
  ewait e0
  wait_for t4 2
end
coro main
  spawn t0 c0
  spawn t1 c1
  eset e0
  spawn t2 c1
  spawn t3 c0
  ewait e0
  spawn t4 c1
  busy 1
  try
    timeout 10
      wait_for t0 10
      wait_for t3 5
      timeout 0
        fset f0 7
        later 3 35
        wait exc - t2 t3
      endtimeout
      eset e0
    endtimeout
  except *
    log 0
  endtry
  try
  ewait e0
    wait_for t0 3
  except *
    log 0
  endtry
  try
    wait_for t4 5
  except *
    log 15
  endtry
  try
    cancel t1
  except *
    log 32
  endtry
  try
    wait_for t3 3
  except *
    log 79
  endtry
  ret 0
end
