res fut f0
res fut f1
coro c1
  tg g40
    tgspawn g40 t3 c2
    tgspawn g40 t0 c3
      wait all 5 t1 f1
  endtg
end
coro c2
  sleep 20
end
coro c3
  wait_for t1 10
end
coro main
  spawn t1 c1
  spawn t2 c1
  spawn t3 c1
    timeout 10
      isr 5 cancel t1
      gatherx f0 t3
    endtimeout
end
