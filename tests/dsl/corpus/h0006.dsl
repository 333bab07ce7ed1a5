# ret and errors in finally, patterns, soft errors, callbacks, interrupts on every object
res lifo q 2
res prio p 0
res bsem s 1
res lock l
res event e
res fut f
coro a
  try
    raise 3
  except E4
    log 1
  except E3
    ret 2
  finally
    ret 7
  endtry
end
coro b
  try
    try
      ret 1
    finally
      raise 8
    endtry
  except EPERM
    log 1
  endtry
end
coro g
  acq s
  acq s
  get q
  get q
  ewait e
  acq l
  await f
end
coro main
  spawn t a
  spawn t2 b
  gatherx t t2
  spawn t g
  acq l
  isr 1 rel s
  isr 2 putnw q 4
  isr 2 putnw q 5
  isr 2 putnw q 6
  isr 3 eset e
  isr 3 eclr e
  isr 4 rel l
  isr 4 rel l
  isr 5 ferr f 2
  isr 5 fset f 1
  isr 6 rel s
  isr 6 rel s
  isr 7 getnw q
  isr 7 getnw q
  isr 8 cancel nobody
  put p 3
  put p 1
  putnw p 2
  get p
  get p
  getnw p
  getnw p
  wait all 20 t
  busy 3
  sleep 9
end
