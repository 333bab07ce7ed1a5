// UART, the part that no chip changes: two rings between interrupts and tasks.
//
// Each ring has one producer and one consumer, one of them the interrupt. A side writes only its own position, after
// the bytes it stands for, so nothing is masked. To wait, a task
//   1. writes the level it waits for into ring->wake,
//   2. looks again, and only then
//   3. waits for the signal.
// The interrupt moves its position and then looks at ring->wake. It comes before 1 (then 2 sees the bytes) or after it
// (then it sets the signal, a latch, so it may come before 3 as well). It sets it once and takes `wake` back: the task
// is woken when the level is reached, not for every byte.
//
// Cancellation loses nothing because a task takes bytes out of a ring only after its last wait, or counts them for its
// caller.
#include <rill/uart.h>

#include <rill/task.h>

#include <limits.h>

#include "arch.h"

// Orders what this core writes and reads with respect to its own interrupts.
#define BARRIER() __atomic_signal_fence(__ATOMIC_SEQ_CST)

// ---- rings

static uint32_t used(const rill_uart_ring_t *ring)
{
    uint32_t in = ring->in;
    uint32_t out = ring->out;
    return in >= out ? in - out : in + 2 * ring->size - out;
}

static uint32_t room(const rill_uart_ring_t *ring)
{
    return ring->size - used(ring);
}

static uint32_t slot(const rill_uart_ring_t *ring, uint32_t position)
{
    return position < ring->size ? position : position - ring->size;
}

static uint32_t after(const rill_uart_ring_t *ring, uint32_t position, uint32_t n)
{
    uint32_t left = 2 * ring->size - position;
    return n < left ? position + n : n - left;
}

static uint32_t min_u32(uint32_t a, size_t b)
{
    return b < a ? (uint32_t)b : a;
}

static void put(rill_uart_ring_t *ring, const uint8_t *bytes, uint32_t n)
{
    uint32_t in = ring->in;
    for (uint32_t i = 0; i < n; i++) {
        ring->bytes[slot(ring, in)] = bytes[i];
        in = after(ring, in, 1);
    }
    BARRIER();
    ring->in = in;
    uint32_t level = used(ring);
    if (level > ring->high) {
        ring->high = level;
    }
}

static void take(rill_uart_ring_t *ring, uint8_t *bytes, uint32_t n)
{
    uint32_t out = ring->out;
    for (uint32_t i = 0; i < n; i++) {
        bytes[i] = ring->bytes[slot(ring, out)];
        out = after(ring, out, 1);
    }
    BARRIER();
    ring->out = out;
}

// ---- interrupts

static void wake(rill_uart_ring_t *ring)
{
    ring->wake = 0;
    rill_signal_set_threadsafe(&ring->signal);
}

static void count(rill_uart_stats_t *stats, unsigned conditions)
{
    stats->overruns += (conditions & RILL_UART_OVERRUN) != 0;
    stats->framing += (conditions & RILL_UART_FRAMING) != 0;
    stats->parity += (conditions & RILL_UART_PARITY) != 0;
    stats->breaks += (conditions & RILL_UART_BREAK) != 0;
}

void rill_uart_isr_rx(rill_uart_t *uart, uint8_t byte, unsigned conditions)
{
    rill_uart_buffers_t *buffers = uart->buffers;
    if (buffers == NULL || !buffers->started) {
        return;
    }
    rill_uart_ring_t *rx = &buffers->rx;
    count(&buffers->stats, conditions);
    if ((conditions & (RILL_UART_FRAMING | RILL_UART_PARITY | RILL_UART_BREAK)) != 0) {
        return;
    }
    if (room(rx) == 0) {
        buffers->stats.overruns++;
        return;
    }
    put(rx, &byte, 1);
    buffers->stats.rx_bytes++;
    BARRIER();
    uint32_t level = rx->wake;
    if (level != 0 && (used(rx) >= level || (buffers->line && byte == '\n'))) {
        wake(rx);
    }
    rill_notify(rx->notify);
}

int rill_uart_isr_tx(rill_uart_t *uart)
{
    rill_uart_buffers_t *buffers = uart->buffers;
    if (buffers == NULL || !buffers->started) {
        return -1;
    }
    rill_uart_ring_t *tx = &buffers->tx;
    if (used(tx) == 0) {
        buffers->sending = 0;
        return -1;
    }
    uint8_t byte;
    take(tx, &byte, 1);
    buffers->stats.tx_bytes++;
    BARRIER();
    uint32_t level = tx->wake;
    if (level != 0 && room(tx) >= level) {
        wake(tx);
    }
    rill_notify(tx->notify);
    return byte;
}

// ---- start and stop

// Masked, because other pins' drivers change the same registers.
static void connect(const rill_uart_t *uart)
{
    if (uart->connect != NULL) {
        uintptr_t state = rill_arch_irq_save();
        uart->connect();
        rill_arch_irq_restore(state);
    }
}

static int attach_lines(rill_uart_t *uart)
{
    const uint16_t *line = uart->lines;
    int error = RILL_OK;
    for (; error == RILL_OK && *line != RILL_UART_LINES_END; line++) { // bound: lines of the port
        error = rill_irq_attach(*line, uart->ops->isr, uart);
    }
    if (error == RILL_OK) {
        return RILL_OK;
    }
    for (line--; line != uart->lines; line--) { // the last one tried was refused. bound: lines of the port
        rill_irq_detach(line[-1]);
    }
    return error;
}

// Locks are left alone: tasks that a stop sent away may not have resumed yet.
static void reset_ring(rill_uart_ring_t *ring)
{
    ring->in = 0;
    ring->out = 0;
    ring->wake = 0;
    ring->high = 0;
    rill_signal_init(&ring->signal, NULL);
}

static void reset(rill_uart_buffers_t *buffers, uint32_t baud)
{
    reset_ring(&buffers->rx);
    reset_ring(&buffers->tx);
    buffers->stats = (rill_uart_stats_t){ 0 };
    buffers->char_us = (10000000u + baud - 1) / baud; // 10 bits
    buffers->line = 0;
    buffers->sending = 0;
}

static bool running(const rill_uart_t *uart)
{
    return uart->buffers != NULL && uart->buffers->started;
}

static int may_start(const rill_uart_t *uart, const rill_uart_buffers_t *buffers)
{
    if (buffers == NULL || buffers->rx.size == 0 || buffers->tx.size == 0) {
        return RILL_EINVAL;
    }
    if (rill_arch_in_isr()) {
        return RILL_EPERM;
    }
    return buffers->started || running(uart) ? RILL_EBUSY : RILL_OK;
}

int rill_uart_start(rill_uart_t *uart, uint32_t baud, rill_uart_buffers_t *buffers)
{
    if (uart == NULL || baud == 0) {
        return RILL_EINVAL;
    }
    buffers = buffers != NULL ? buffers : uart->buffers;
    int error = may_start(uart, buffers);
    if (error != RILL_OK) {
        return error;
    }
    connect(uart);
    error = uart->ops->init(uart, baud);
    if (error != RILL_OK) {
        return error;
    }
    reset(buffers, baud);
    uart->buffers = buffers;
    BARRIER(); // the ISR looks at `started` first
    buffers->started = 1;
    error = attach_lines(uart);
    if (error != RILL_OK) {
        buffers->started = 0;
        return error;
    }
    uart->ops->rx_irq(uart, true);
    return RILL_OK;
}

int rill_uart_stop(rill_uart_t *uart)
{
    if (uart == NULL) {
        return RILL_EINVAL;
    }
    if (rill_arch_in_isr()) {
        return RILL_EPERM;
    }
    if (!running(uart)) {
        return RILL_ENOENT;
    }
    uart->ops->rx_irq(uart, false);
    uart->ops->tx_irq(uart, false);
    for (const uint16_t *line = uart->lines; *line != RILL_UART_LINES_END; line++) { // bound: lines of the port
        rill_irq_detach(*line);
    }
    uart->buffers->started = 0;
    rill_signal_close(&uart->buffers->rx.signal);
    rill_signal_close(&uart->buffers->tx.signal);
    rill_notify(uart->buffers->rx.notify);
    rill_notify(uart->buffers->tx.notify);
    return RILL_OK;
}

// ---- waiting

// Takes one direction for a call. Whoever has it is the only one to wait for its signal. The port may have been
// stopped, and started with other buffers, while this task stood in line.
static int enter(const rill_uart_t *uart, const rill_uart_buffers_t *buffers, rill_uart_ring_t *ring)
{
    int error = rill_lock_acquire(&ring->lock);
    if (error == RILL_OK && (!buffers->started || uart->buffers != buffers)) {
        rill_lock_release(&ring->lock);
        error = RILL_EPIPE;
    }
    return error;
}

static int leave(rill_uart_ring_t *ring, int result)
{
    ring->wake = 0;
    rill_lock_release(&ring->lock);
    rill_notify(ring->notify); // what this call left is there for others now
    return result;
}

// Step 3 of the comment at the top. A latch left behind by an earlier call costs the caller one more look.
static int wait_signal(const rill_uart_buffers_t *buffers, rill_uart_ring_t *ring)
{
    return buffers->started ? rill_signal_wait(&ring->signal) : RILL_EPIPE;
}

static int wait_received(rill_uart_buffers_t *buffers, uint32_t level)
{
    rill_uart_ring_t *rx = &buffers->rx;
    int error = RILL_OK;
    while (error == RILL_OK && used(rx) < level) { // twice at most
        rx->wake = level;
        BARRIER();
        error = used(rx) < level ? wait_signal(buffers, rx) : RILL_OK;
    }
    return error;
}

static int wait_room(rill_uart_buffers_t *buffers, uint32_t level)
{
    rill_uart_ring_t *tx = &buffers->tx;
    int error = RILL_OK;
    while (error == RILL_OK && room(tx) < level) { // twice at most
        tx->wake = level;
        BARRIER();
        error = room(tx) < level ? wait_signal(buffers, tx) : RILL_OK;
    }
    return error;
}

// Long transfers go in halves of the ring: one half moves on the wire while the task deals with the other.
static uint32_t half(const rill_uart_ring_t *ring, size_t left)
{
    return min_u32((ring->size + 1) / 2, left);
}

static int check(const rill_uart_t *uart, const void *memory, size_t n)
{
    if (uart == NULL || (memory == NULL && n != 0) || n > INT_MAX) {
        return RILL_EINVAL;
    }
    return running(uart) ? RILL_OK : RILL_EPIPE;
}

// ---- reading

static int take_some(rill_uart_ring_t *rx, void *buffer, size_t n)
{
    uint32_t there = min_u32(used(rx), n);
    take(rx, buffer, there);
    return (int)there;
}

int rill_uart_read(rill_uart_t *uart, void *buffer, size_t n)
{
    int error = check(uart, buffer, n);
    if (error != RILL_OK || n == 0) {
        return error;
    }
    rill_uart_buffers_t *buffers = uart->buffers;
    rill_uart_ring_t *rx = &buffers->rx;
    error = enter(uart, buffers, rx);
    if (error != RILL_OK) {
        return error;
    }
    error = wait_received(buffers, 1);
    return leave(rx, error == RILL_OK ? take_some(rx, buffer, n) : error);
}

int rill_uart_read_nowait(rill_uart_t *uart, void *buffer, size_t n)
{
    int error = check(uart, buffer, n);
    if (error != RILL_OK || n == 0) {
        return error;
    }
    rill_uart_ring_t *rx = &uart->buffers->rx;
    int got = rill_lock_locked(&rx->lock) ? 0 : take_some(rx, buffer, n);
    return got > 0 ? got : RILL_EAGAIN;
}

static int read_all(rill_uart_buffers_t *buffers, uint8_t *bytes, size_t n, size_t *got)
{
    rill_uart_ring_t *rx = &buffers->rx;
    while (*got < n) { // bound: n; at least one byte each
        int error = wait_received(buffers, n <= rx->size ? (uint32_t)n : half(rx, n - *got));
        if (error != RILL_OK) {
            return error;
        }
        *got += (size_t)take_some(rx, bytes + *got, n - *got);
    }
    return RILL_OK;
}

int rill_uart_read_exactly(rill_uart_t *uart, void *buffer, size_t n, size_t *got)
{
    size_t own;
    got = got != NULL ? got : &own;
    *got = 0;
    int error = check(uart, buffer, n);
    if (error != RILL_OK || n == 0) {
        return error;
    }
    rill_uart_buffers_t *buffers = uart->buffers;
    error = enter(uart, buffers, &buffers->rx);
    return error == RILL_OK ? leave(&buffers->rx, read_all(buffers, buffer, n, got)) : error;
}

// Looks at bytes *seen to limit - 1 of the ring, as far as they are there. True if one is '\n'; *seen is then
// behind it.
static bool find_end(const rill_uart_ring_t *rx, uint32_t *seen, uint32_t limit)
{
    uint32_t there = min_u32(used(rx), limit);
    while (*seen < there) { // bound: limit; each byte is looked at once
        uint32_t position = after(rx, rx->out, (*seen)++);
        if (rx->bytes[slot(rx, position)] == '\n') {
            return true;
        }
    }
    return false;
}

// Only this task takes bytes out meanwhile, so what was seen stays where it was.
static int wait_line(rill_uart_buffers_t *buffers, uint32_t limit, uint32_t *seen)
{
    rill_uart_ring_t *rx = &buffers->rx;
    int error = RILL_OK;
    while (error == RILL_OK && !find_end(rx, seen, limit)) { // bound: limit
        if (*seen == limit) {
            return RILL_EOVERFLOW;
        }
        buffers->line = 1;
        rx->wake = limit;
        BARRIER();
        error = used(rx) == *seen ? wait_signal(buffers, rx) : RILL_OK;
    }
    return error;
}

int rill_uart_readline(rill_uart_t *uart, char *buffer, size_t n, size_t *length)
{
    int error = n != 0 ? check(uart, buffer, n) : RILL_EINVAL;
    if (error != RILL_OK) {
        return error;
    }
    rill_uart_buffers_t *buffers = uart->buffers;
    rill_uart_ring_t *rx = &buffers->rx;
    uint32_t seen = 0;
    error = enter(uart, buffers, rx);
    if (error != RILL_OK) {
        return error;
    }
    error = wait_line(buffers, min_u32(rx->size, n), &seen);
    buffers->line = 0;
    if (error == RILL_OK) {
        take(rx, (uint8_t *)buffer, seen);
        if (length != NULL) {
            *length = seen;
        }
    }
    return leave(rx, error);
}

// ---- writing

// `sending` is cleared by the interrupt that finds the ring empty, in the same breath as it switches itself off.
static int put_some(rill_uart_t *uart, rill_uart_ring_t *tx, const uint8_t *bytes, size_t n)
{
    uint32_t taken = min_u32(room(tx), n);
    put(tx, bytes, taken);
    BARRIER();
    if (taken > 0 && !uart->buffers->sending) {
        uart->buffers->sending = 1;
        uart->ops->tx_irq(uart, true);
    }
    return (int)taken;
}

static int write_all(rill_uart_t *uart, rill_uart_buffers_t *buffers, const uint8_t *bytes, size_t n, size_t *accepted)
{
    rill_uart_ring_t *tx = &buffers->tx;
    while (*accepted < n) { // bound: n; at least one byte each
        int error = room(tx) == 0 ? wait_room(buffers, half(tx, n - *accepted)) : RILL_OK;
        if (error != RILL_OK) {
            return error;
        }
        if (!buffers->started) { // stopped between the wake-up and now: there is room, but nobody to send it
            return RILL_EPIPE;
        }
        *accepted += (size_t)put_some(uart, tx, bytes + *accepted, n - *accepted);
    }
    return (int)n;
}

int rill_uart_write(rill_uart_t *uart, const void *data, size_t n, size_t *accepted)
{
    size_t own;
    accepted = accepted != NULL ? accepted : &own;
    *accepted = 0;
    int error = check(uart, data, n);
    if (error != RILL_OK || n == 0) {
        return error;
    }
    rill_uart_buffers_t *buffers = uart->buffers;
    error = enter(uart, buffers, &buffers->tx);
    return error == RILL_OK ? leave(&buffers->tx, write_all(uart, buffers, data, n, accepted)) : error;
}

int rill_uart_write_nowait(rill_uart_t *uart, const void *data, size_t n)
{
    int error = check(uart, data, n);
    if (error != RILL_OK || n == 0) {
        return error;
    }
    rill_uart_ring_t *tx = &uart->buffers->tx;
    int taken = rill_lock_locked(&tx->lock) ? 0 : put_some(uart, tx, data, n);
    return taken > 0 ? taken : RILL_EAGAIN;
}

// No chip announces the end of its last stop bit through the ops, so the rest of the way is slept byte by byte.
static int wait_sent(rill_uart_t *uart, rill_uart_buffers_t *buffers)
{
    int error = wait_room(buffers, buffers->tx.size);
    while (error == RILL_OK && !uart->ops->tx_idle(uart)) { // bound: bytes in the chip
        error = rill_sleep_us(buffers->char_us);
        if (error == RILL_OK && !buffers->started) {
            error = RILL_EPIPE;
        }
    }
    return error;
}

int rill_uart_flush(rill_uart_t *uart)
{
    int error = check(uart, NULL, 0);
    if (error != RILL_OK) {
        return error;
    }
    rill_uart_buffers_t *buffers = uart->buffers;
    error = enter(uart, buffers, &buffers->tx);
    return error == RILL_OK ? leave(&buffers->tx, wait_sent(uart, buffers)) : error;
}

// ---- for those who watch several ports

size_t rill_uart_readable(const rill_uart_t *uart)
{
    bool free = uart != NULL && running(uart) && !rill_lock_locked(&uart->buffers->rx.lock);
    return free ? used(&uart->buffers->rx) : 0;
}

size_t rill_uart_writable(const rill_uart_t *uart)
{
    bool free = uart != NULL && running(uart) && !rill_lock_locked(&uart->buffers->tx.lock);
    return free ? room(&uart->buffers->tx) : 0;
}

static bool taken(const rill_uart_ring_t *ring, const rill_notify_t *notify)
{
    return notify != NULL && ring->notify != NULL && ring->notify != notify;
}

int rill_uart_notify(rill_uart_t *uart, rill_notify_t *rx, rill_notify_t *tx)
{
    if (uart == NULL) {
        return RILL_EINVAL;
    }
    rill_uart_buffers_t *buffers = uart->buffers;
    if (buffers == NULL) {
        return RILL_EPIPE;
    }
    if (taken(&buffers->rx, rx) || taken(&buffers->tx, tx)) {
        return RILL_EBUSY;
    }
    buffers->rx.notify = rx;
    buffers->tx.notify = tx;
    BARRIER(); // the caller looks at the rings next
    return RILL_OK;
}

// ---- polling

// Masked, so that the interrupt and this loop are one consumer.
static bool send_from_ring(rill_uart_t *uart)
{
    uintptr_t state = rill_arch_irq_save();
    int byte = rill_uart_isr_tx(uart);
    if (byte >= 0) {
        uart->ops->putc(uart, (char)byte);
    }
    rill_arch_irq_restore(state);
    return byte >= 0;
}

static void send_polled(rill_uart_t *uart, uint8_t byte)
{
    uintptr_t state = rill_arch_irq_save();
    uart->ops->putc(uart, (char)byte);
    if (uart->buffers != NULL) {
        uart->buffers->stats.tx_bytes++;
    }
    rill_arch_irq_restore(state);
}

void rill_uart_write_polled(rill_uart_t *uart, const void *data, size_t n)
{
    if (uart == NULL || (data == NULL && n != 0)) {
        return;
    }
    while (send_from_ring(uart)) { // bound: the ring; nothing fills it meanwhile
    }
    const uint8_t *bytes = data;
    for (size_t i = 0; i < n; i++) {
        send_polled(uart, bytes[i]);
    }
}

// ---- statistics

void rill_uart_stats(const rill_uart_t *uart, rill_uart_stats_t *stats)
{
    if (stats == NULL) {
        return;
    }
    *stats = (rill_uart_stats_t){ 0 };
    if (uart != NULL && uart->buffers != NULL) {
        *stats = uart->buffers->stats;
        stats->rx_high = uart->buffers->rx.high;
        stats->tx_high = uart->buffers->tx.high;
    }
}
