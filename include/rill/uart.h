// UART: an interrupt-driven byte stream over two rings.
//
//     RILL_UART_BUFFERS_DEFINE(console, 64, 64);
//     rill_uart_start(&rill_board_uart, 115200, &console);
//     ... in a task:
//     n = rill_uart_read(&rill_board_uart, buffer, sizeof buffer);
//     n = rill_uart_write(&rill_board_uart, buffer, (size_t)n, NULL);
//
// read, write, readline and flush suspend only the calling task. Bytes that arrive while nobody reads wait in the
// receive ring; when it is full the newest byte is dropped and counted (overruns), as hardware does.
//
// Interrupts are never masked: each ring has one producer and one consumer, the interrupt and the loop. For this the
// port's lines go to the core of the loop that uses it, at one priority, and all its tasks belong to one loop.
//
// Several tasks may read, or write, one port. Each call is served as a whole in the order of the calls: neither lines
// nor messages of two tasks are mixed.
//
// Unless a function says otherwise: O(bytes), asyncio: none.
#ifndef RILL_UART_H
#define RILL_UART_H

#include <rill/irq.h>
#include <rill/lock.h>
#include <rill/signal.h>
#include <rill/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rill_uart rill_uart_t;

// ---- for chip drivers

// What a chip driver (drivers/uart_<chip>.c) supplies. All functions may be called from any context.
typedef struct rill_uart_ops {
    // Sets the baud rate, 8N1, enables receiver and transmitter, all interrupts off. RILL_EINVAL for an impossible
    // rate.
    int (*init)(rill_uart_t *uart, uint32_t baud);
    // Lets the receive interrupt through, or not.
    void (*rx_irq)(rill_uart_t *uart, bool on);
    // Lets the transmitter-ready interrupt through, or not. When switched on while the transmitter is ready, the
    // interrupt must come (a chip that raises it on the transition only starts the first byte itself, through
    // rill_uart_isr_tx).
    void (*tx_irq)(rill_uart_t *uart, bool on);
    // Writes one byte by polling, waiting for room; for faults. Works masked.
    void (*putc)(rill_uart_t *uart, char c);
    // True when the shift register is empty too.
    bool (*tx_idle)(rill_uart_t *uart);
    // Interrupt handler, attached by rill_uart_start to every line of the port; arg is the rill_uart_t. Reads all bytes
    // there are and hands each to rill_uart_isr_rx; fills the transmitter from rill_uart_isr_tx, and calls
    // tx_irq(false) on -1.
    void (*isr)(void *uart);
} rill_uart_ops_t;

// Receive conditions handed to rill_uart_isr_rx, counted in the statistics. The byte beside RILL_UART_OVERRUN is valid
// (the chip lost another one); the byte beside FRAMING, PARITY or BREAK is dropped.
enum { RILL_UART_OVERRUN = 1, RILL_UART_FRAMING = 2, RILL_UART_PARITY = 4, RILL_UART_BREAK = 8 };

// Called by a chip driver's ISR: one received byte with its conditions. Private to drivers. These two are weak, so that
// a program that only prints by polling does not link the buffered driver; its ISR is never attached then.
__attribute__((weak)) void rill_uart_isr_rx(rill_uart_t *uart, uint8_t byte, unsigned conditions);

// Called by a chip driver's ISR when the transmitter has room: the next byte to send, or -1 if there is none. Private
// to drivers.
__attribute__((weak)) int rill_uart_isr_tx(rill_uart_t *uart);

// The chip drivers. A board links the one it names in its DRIVERS.
extern const rill_uart_ops_t rill_uart_cmsdk;
extern const rill_uart_ops_t rill_uart_pl011;
extern const rill_uart_ops_t rill_uart_stm32;
extern const rill_uart_ops_t rill_uart_nrf51;
extern const rill_uart_ops_t rill_uart_ns16550;
extern const rill_uart_ops_t rill_uart_sifive;
extern const rill_uart_ops_t rill_uart_host; // standard input and output

// ---- memory

// One direction. Private. Any size; all of it is used. The positions run from 0 to 2 * size - 1.
typedef struct rill_uart_ring {
    uint8_t *bytes;
    uint32_t size;
    volatile uint32_t in;   // the producer's
    volatile uint32_t out;  // the consumer's
    volatile uint32_t wake; // bytes (receive) or room (transmit) at which the interrupt wakes the task; 0: none waits
    uint32_t high;          // most bytes ever in it
    rill_signal_t signal;
    rill_lock_t lock; // whose turn it is
    rill_notify_t *notify;
} rill_uart_ring_t;

// Since the port was started.
typedef struct rill_uart_stats {
    uint32_t rx_bytes; // handed to the receive ring
    uint32_t tx_bytes; // handed to the chip, polled ones included
    uint32_t overruns; // losses: bytes dropped because the receive ring was full, and overruns the chip reported
    uint32_t framing;
    uint32_t parity;
    uint32_t breaks;
    uint32_t rx_high; // most bytes ever in the rings
    uint32_t tx_high;
} rill_uart_stats_t;

// What a started port needs beyond its registers: rings and who waits for them. Apart from the port, so that a program
// that uses the console by polling only pays for no ring. Private; made by RILL_UART_BUFFERS_DEFINE.
typedef struct rill_uart_buffers {
    rill_uart_ring_t rx;
    rill_uart_ring_t tx;
    rill_uart_stats_t stats;
    uint32_t char_us;         // time of one byte on the wire
    volatile uint8_t line;    // the reader waits for the end of a line
    volatile uint8_t sending; // the transmit interrupt is on
    uint8_t started;
} rill_uart_buffers_t;

// Defines rings of rx_bytes and tx_bytes, each at least 1.
#define RILL_UART_BUFFERS_DEFINE(name, rx_bytes, tx_bytes)                                                             \
    static uint8_t name##_rx[rx_bytes];                                                                                \
    static uint8_t name##_tx[tx_bytes];                                                                                \
    static rill_uart_buffers_t name = RILL_UART_BUFFERS_INIT(name##_rx, sizeof name##_rx, name##_tx, sizeof name##_tx)

// The same over memory of the caller's choice.
#define RILL_UART_BUFFERS_INIT(rx_memory, rx_bytes, tx_memory, tx_bytes)                                               \
    { RILL_UART_RING_INIT(rx_memory, rx_bytes), RILL_UART_RING_INIT(tx_memory, tx_bytes), { 0, 0, 0, 0, 0, 0, 0, 0 },  \
      0, 0, 0, 0 }

// Private.
#define RILL_UART_RING_INIT(memory, n) { (memory), (n), 0, 0, 0, 0, RILL_SIGNAL_INIT, RILL_LOCK_INIT, NULL }

// A port. Boards define their console's as `rill_board_uart` with the first four fields and `connect`.
struct rill_uart {
    const rill_uart_ops_t *ops;
    uintptr_t base;
    uint32_t clock_hz;
    const uint16_t *lines; // its interrupt lines, then RILL_UART_LINES_END
    rill_uart_buffers_t *buffers; // NULL: rill_uart_start brings them
    void (*connect)(void); // switches the port's clock on and gives it its pins, as often as asked; NULL: it has them
};

#define RILL_UART_LINES_END UINT16_MAX

// Defines a port with rings of its own: RILL_UART_DEFINE(gps, &rill_uart_stm32, 0x40004400, 24000000, gps_lines, 128,
// 32); `port_lines` is an array of uint16_t that ends with RILL_UART_LINES_END.
#define RILL_UART_DEFINE(name, port_ops, port_base, hz, port_lines, rx_bytes, tx_bytes)                                \
    RILL_UART_BUFFERS_DEFINE(name##_buffers, rx_bytes, tx_bytes);                                                      \
    rill_uart_t name = { (port_ops), (port_base), (hz), (port_lines), &name##_buffers, NULL }

// The board's console, before rill_uart_start set up for polling at 115200 baud.
extern rill_uart_t rill_board_uart;

// ---- for applications

// Sets the port up, attaches its lines and begins to receive. `buffers` NULL: those of RILL_UART_DEFINE. The statistics
// start at 0. Returns 0; RILL_EINVAL for NULL, no buffers, an empty ring or a baud rate the chip cannot make;
// RILL_EBUSY if the port or the buffers are started already or a line has a handler; RILL_EPERM from an ISR. Context:
// loop, or main before the loop runs. Does not suspend.
int rill_uart_start(rill_uart_t *uart, uint32_t baud, rill_uart_buffers_t *buffers);

// Ends it: interrupts off, lines detached, whatever is in the rings dropped (flush first); who waits for the port gets
// RILL_EPIPE. It can be started again. Polling works on. Returns 0; RILL_EINVAL for NULL; RILL_ENOENT if it is not
// started; RILL_EPERM from an ISR. Context: loop. Does not suspend.
int rill_uart_stop(rill_uart_t *uart);

// Errors of the functions below: RILL_EINVAL for NULL; RILL_EPIPE if the port is not started or was stopped meanwhile;
// RILL_EPERM if they would have to wait outside a task; RILL_ECANCELED. asyncio's names: StreamReader, StreamWriter.
// A byte is in the receive ring until a call that succeeds, or tells through a parameter how far it came, hands it
// over: cancellation and timeouts lose nothing.

// Reads what is there, at least 1 and at most n bytes; waits only if nothing is. Returns the number; 0 for n == 0.
// Context: task; suspends. asyncio: StreamReader.read.
int rill_uart_read(rill_uart_t *uart, void *buffer, size_t n);

// Reads n bytes. Returns 0. On an error *got (may be NULL) tells how many bytes of `buffer` are filled; that is 0 for n
// up to the receive ring's size, which stay in the ring until all are there. Context: task; suspends. asyncio:
// readexactly.
int rill_uart_read_exactly(rill_uart_t *uart, void *buffer, size_t n, size_t *got);

// Reads through the next '\n'. Returns 0 with the number of bytes, '\n' included, in *length (may be NULL); no NUL is
// appended. RILL_EOVERFLOW if n bytes, or a full ring, came without '\n': they stay in the ring, for rill_uart_read.
// Context: task; suspends. asyncio: readline (LimitOverrunError).
int rill_uart_readline(rill_uart_t *uart, char *buffer, size_t n, size_t *length);

// Writes n bytes (at most INT_MAX). Returns n when all are in the ring. On an error *accepted (may be NULL) tells how
// many are: those will be sent. Context: task; suspends only while the ring is full. asyncio: write and drain.
int rill_uart_write(rill_uart_t *uart, const void *data, size_t n, size_t *accepted);

// Waits until all that was written before is on the wire, the stop bit of the last byte included. Returns 0.
// Context: task; suspends.
int rill_uart_flush(rill_uart_t *uart);

// The same without waiting. Return the number of bytes read, or taken into the ring; RILL_EAGAIN if that would be none,
// or if another task is in the middle of a read or a write. Context: loop. Do not suspend.
int rill_uart_read_nowait(rill_uart_t *uart, void *buffer, size_t n);
int rill_uart_write_nowait(rill_uart_t *uart, const void *data, size_t n);

// Bytes that read_nowait and write_nowait would take now: 0 if they would return RILL_EAGAIN or an error. Context:
// loop.
size_t rill_uart_readable(const rill_uart_t *uart);
size_t rill_uart_writable(const rill_uart_t *uart);

// Has rx and tx (NULL: nobody) told whenever one of these may have become more than 0, or the port was stopped; for a
// poll over several streams. One of each at a time: RILL_EBUSY if there is another; RILL_EPIPE without buffers;
// RILL_EINVAL for NULL. Returns 0. Context: loop.
int rill_uart_notify(rill_uart_t *uart, rill_notify_t *rx, rill_notify_t *tx);

// Sends n bytes by polling, behind what is in the ring; started or not. Interrupts are masked for one byte at a time.
// For early boot and for faults. Context: any; spins for the time of the bytes.
void rill_uart_write_polled(rill_uart_t *uart, const void *data, size_t n);

// Copies the statistics. All 0 if it was never started. Context: any.
void rill_uart_stats(const rill_uart_t *uart, rill_uart_stats_t *stats);

#ifdef __cplusplus
}
#endif

#endif
