// GPIO: pins out, pins in, and tasks that wait for an edge.
//
// One chip driver (drivers/gpio_<chip>.c) is linked per board.
//
// Unless a function says otherwise: O(1), does not suspend; asyncio: none.
#ifndef RILL_GPIO_H
#define RILL_GPIO_H

#include <rill/irq.h>

#ifdef __cplusplus
extern "C" {
#endif

// A pin: RILL_PIN(port, number). Ports count from 0 (A); chips with one port have only 0.
typedef uint16_t rill_pin_t;
#define RILL_PIN(port, number) ((rill_pin_t)((port)*32u + (number)))

typedef enum rill_gpio_pull { RILL_GPIO_FLOATING, RILL_GPIO_PULL_UP, RILL_GPIO_PULL_DOWN } rill_gpio_pull_t;

// Makes the pin a push-pull output that starts at `level`, or an input. Both switch the port's clock on and take the
// pin from any peripheral. Return 0; RILL_EINVAL for a pin the chip has not or a pull it cannot do. Context: loop,
// board set-up.
int rill_gpio_output(rill_pin_t pin, bool level);
int rill_gpio_input(rill_pin_t pin, rill_gpio_pull_t pull);

// The pin must exist and have been configured. Other pins of the port are not touched. Context: any.
void rill_gpio_set(rill_pin_t pin, bool level);
void rill_gpio_toggle(rill_pin_t pin);
bool rill_gpio_get(rill_pin_t pin); // its level as the chip sees it, output or input

// ---- edges

enum { RILL_GPIO_RISING = 1, RILL_GPIO_FALLING = 2, RILL_GPIO_BOTH = 3 };

// A source of edges. The caller's memory; a zeroed one is closed. Private. 28 bytes on 32-bit machines.
typedef struct rill_gpio_edge {
    rill_signal_t signal;
    struct rill_gpio_edge *next; // of the open ones
    volatile uint32_t count;     // the ISR's
    uint32_t seen;               // the loop's
    rill_pin_t pin;
    uint16_t line;
    uint8_t open;
    uint8_t waiting;
} rill_gpio_edge_t;

// Counts edges of a pin that is configured already, from now on. Returns 0; RILL_EINVAL for NULL, a pin the chip has
// not or no edge; RILL_EBUSY if the source or the pin is open, if the pin's interrupt line belongs to somebody else or
// the chip's edge detector to another pin; RILL_EPERM from an ISR. Context: loop. O(open sources). asyncio: add_reader
// + Future.
int rill_gpio_edge_open(rill_gpio_edge_t *edge, rill_pin_t pin, unsigned edges);

// Waits for the next edge; does not suspend if there was one since the last wait. Returns the number of edges since, at
// least 1 (the chip may merge edges that follow each other faster than the interrupt); RILL_ECANCELED (no edge is lost:
// the next wait returns it); RILL_EPIPE if the source is closed or was closed meanwhile; RILL_EBUSY if another task
// waits; RILL_EINVAL for NULL; RILL_EPERM outside a task. Context: task; suspends.
int rill_gpio_edge_wait(rill_gpio_edge_t *edge);

// Stops counting; a task that waits gets RILL_EPIPE. After it (and after that task has resumed) the memory is the
// caller's. Returns 0; RILL_EINVAL for NULL; RILL_ENOENT if it is not open; RILL_EPERM from an ISR. Context: loop.
// O(open sources).
int rill_gpio_edge_close(rill_gpio_edge_t *edge);

// ---- for chip drivers, which supply all of the above but the edges, and:

// The interrupt line of a pin, RILL_EINVAL for a pin the chip has not. Private to drivers, as what follows.
int rill_gpio_chip_line(rill_pin_t pin);

// Detects these edges on the pin (0: none) and forgets what it has detected so far. Returns 0; RILL_EBUSY if the
// detector is in use for another pin. Called with the line disabled or the pin's detection off. Private to drivers.
int rill_gpio_chip_detect(rill_pin_t pin, unsigned edges);

// Interrupt handler of every line; arg is its number. Acknowledges each edge, then hands it to rill_gpio_isr_edge.
// Private to drivers.
void rill_gpio_chip_isr(void *arg);

// Supplied by drivers/gpio.c: one edge of a pin. Context: ISR. Private to drivers.
__attribute__((weak)) void rill_gpio_isr_edge(rill_pin_t pin);

#ifdef __cplusplus
}
#endif

#endif
