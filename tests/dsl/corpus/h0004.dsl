# shield: the waiter is cancelled, the future goes on, fails, is cancelled; a cancelled shield lets go of the future
res fut f
res fut f2
coro w
  try
    shield f
  except ECANCELED
    log 1
  endtry
  yield
  shield f2
end
coro main
  spawn t w
  spawn t2 w
  yield
  cancel t
  sleep 1
  cb f 1
  fset f 3
  sleep 1
  state t
  ferr f2 6
  gatherx t t2
  fnew f
  fnew f2
  spawn t w
  spawn t2 w
  yield
  cancel t2
  fcancel f
  sleep 1
  fcancel f2
  gatherx t t2
  timeout 2
    try
      fnew f
      shield f
    finally
      state f
    endtry
  endtimeout
end
