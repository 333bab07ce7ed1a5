# After 20 ms of work a dozen timers are due, not in the order they were armed, and tasks are ready.
res fut f0
coro c0
  timeout 3
    tg g3
      tgspawn g3 t4 c3
    endtg
  endtimeout
end
coro c1
  spawn t0 c5
  sleep 3
  busy 10
end
coro c3
  wait_for f0 20
end
coro c5
  yield
  timeout 10
    sleep 5
  endtimeout
end
coro main
  spawn t0 c0
  spawn t1 c0
  spawn t3 c0
  spawn t4 c1
  spawn t6 c5
  spawn t7 c1
  spawn t8 c5
    wait_for t3 10
end
