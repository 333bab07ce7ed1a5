// All of Rill's public interface in one include. Programs that want short compile times include what they use.
#ifndef RILL_RILL_H
#define RILL_RILL_H

#include <rill/assert.h>
#include <rill/async_generator.h>
#include <rill/barrier.h>
#include <rill/board.h>
#include <rill/channel.h>
#include <rill/clock.h>
#include <rill/condition.h>
#include <rill/config.h>
#include <rill/contextvars.h>
#include <rill/debug.h>
#include <rill/event.h>
#include <rill/executor.h>
#include <rill/file.h>
#include <rill/flags.h>
#include <rill/future.h>
#include <rill/gather.h>
#include <rill/generator.h>
#include <rill/gpio.h>
#include <rill/greenlet.h>
#include <rill/group.h>
#include <rill/irq.h>
#include <rill/libc.h>
#include <rill/lock.h>
#include <rill/loop.h>
#include <rill/pipe.h>
#include <rill/pool.h>
#include <rill/queue.h>
#include <rill/runner.h>
#include <rill/rwlock.h>
#include <rill/scope.h>
#include <rill/semaphore.h>
#include <rill/signal.h>
#include <rill/submit.h>
#include <rill/task.h>
#include <rill/ticker.h>
#include <rill/timeout.h>
#include <rill/types.h>
#include <rill/uart.h>
#include <rill/watch.h>
#include <rill/wrap.h>

#endif
