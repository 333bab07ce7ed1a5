# timeouts that expire in nested blocks, together, after the body, and with a caught cancellation
res fut f
coro main
  try
    timeout 5
      timeout 5
        sleep 20
      endtimeout
    endtimeout
  except ETIMEDOUT
    cancelling
  endtry
  try
    timeout 5
      timeout 9
        sleep 20
      endtimeout
      log 1
    endtimeout
  except ETIMEDOUT
    log 2
  endtry
  timeout 2
    busy 5
  endtimeout
  yield
  try
    timeout 2
      try
        await f
      except ECANCELED
        sleep 1
        log 3
      endtry
    endtimeout
  except *
    log 4
  endtry
  cancelling
  fnew f
  timeout 0
    try
      wait_for f 0
    except ETIMEDOUT
      log 5
    endtry
  endtimeout
end
