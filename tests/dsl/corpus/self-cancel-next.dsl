# A task that cancelled itself waits for one whose sleep is over: the timer is the next thing to run when it is cancelled.
coro c1
  cancel t5
  await t7
end
coro c2
  sleep 5
end
coro main
  spawn t1 c1
  spawn t7 c2
      repeat 3
        sleep 1
      endrepeat
      busy 3
      spawn t5 c1
      wait first 5 t7 t1
end
