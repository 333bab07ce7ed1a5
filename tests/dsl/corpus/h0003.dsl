# task group: a child fails while the body waits and is cancelled from outside as well; counts after it
coro fails
  sleep 2
  raise 4
end
coro slow
  try
    sleep 50
  except ECANCELED
    sleep 3
    raise 5
  endtry
end
coro body
  try
    tg g
      tgspawn g x fails
      tgspawn g y slow
      sleep 40
    endtg
  except EGROUP
    cancelling
    log 1
  endtry
  sleep 1
  try
    tg g
      tgspawn g x fails
      try
        sleep 40
      except ECANCELED
        log 2
      endtry
      sleep 1
      cancelling
    endtg
  except EGROUP[E4]
    cancelling
  endtry
  sleep 1
  ret 3
end
coro outer
  tg g
    tgspawn g z body
  endtg
  sleep 1
end
coro main
  spawn t body
  await t
  spawn t body
  sleep 3
  cancel t
  try
    await t
  except *
    log 9
  endtry
  spawn t outer
  sleep 2
  cancel t
  gatherx t z
end
