# join: two waiters, woken by the last tdone; the count starts again
res queue q 3
coro waiter
  join q
  join q
end
coro late
  sleep 4
  join q
end
coro main
  put q 1
  put q 2
  spawn a waiter
  spawn b waiter
  spawn c late
  yield
  tdone q
  get q
  sleep 1
  tdone q
  tdone q
  gather a b
  putnw q 3
  spawn a waiter
  sleep 5
  cancel a
  tdone q
  await c
  ret 1
end
