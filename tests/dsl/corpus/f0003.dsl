res barrier b0 2
coro c3
  try
    yield
  except ECANCELED
    repeat 3
        spawn t6 c4
        spawn t0 c4
    endrepeat
  endtry
end
coro c4
    repeat 3
        bwait b0
    endrepeat
end
coro main
  spawn t3 c3
end
