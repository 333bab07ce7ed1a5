coro c3
  try
    yield
  except ECANCELED
    spawn t6 c4
  endtry
end
coro c4
    repeat 30
        yield
    endrepeat
end
coro main
  spawn t3 c3
end
