coro c0
  tg g2
    tgspawn g2 t5 c4
    tg g3
      tgspawn g3 t2 c2
      timeout 5
        shield t8
      endtimeout
    endtg
  endtg
end
coro c2
  repeat 3
      sleep 2
  endrepeat
end
coro c3
  sleep 2
  cancel t1
  sleep 2
end
coro c4
  await t0
  sleep 2
end
coro main
  spawn t0 c3
  spawn t1 c2
  spawn t4 c0
  spawn t8 c2
  try
    wait_for t1 20
  except *
    wait_for t2 20
  endtry
end
