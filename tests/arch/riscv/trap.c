// rill-test: boards=riscv | args=-icount shift=5
// Traps: what a handler does to registers does not reach the thread it interrupts; the PLIC and the software interrupt.
#include <rill/board.h>
#include <rill/uart.h>

#include "arch.h"
#include "test.h"

enum { ROUNDS = 300 };

static volatile uint32_t hits;
static volatile uint32_t outside; // handlers that did not find themselves in an ISR
static volatile double product = 1.5;

static void clobber(void *arg)
{
    (void)arg;
    hits++;
    outside += !rill_arch_in_isr();
    __asm__ volatile("li ra, -1\n\tli t0, -1\n\tli t1, -1\n\tli t2, -1\n\tli t3, -1\n\tli t4, -1\n\t"
                     "li t5, -1\n\tli t6, -1\n\t"
                     "li a0, -1\n\tli a1, -1\n\tli a2, -1\n\tli a3, -1\n\tli a4, -1\n\tli a5, -1\n\t"
                     "li a6, -1\n\tli a7, -1"
                     :
                     :
                     : "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7");
    product = product * 1.0001; // FP registers, on cores that have them
#ifdef __riscv_flen
    __asm__ volatile("fcvt.s.w ft0, zero\n\tfcvt.s.w ft1, zero\n\tfcvt.s.w ft2, zero\n\tfcvt.s.w ft3, zero\n\t"
                     "fcvt.s.w ft11, zero\n\tfcvt.s.w fa0, zero\n\tfcvt.s.w fa4, zero\n\tfcvt.s.w fa7, zero\n\t"
                     "fsrm zero"
                     :
                     :
                     : "ft0", "ft1", "ft2", "ft3", "ft11", "fa0", "fa4", "fa7");
#endif
}

static uint32_t mix(unsigned rounds)
{
    uint32_t a = 1, b = 3, c = 5, d = 7, e = 11, f = 13, g = 17, h = 19;
    for (unsigned i = 0; i < rounds; i++) {
        a = a * 1664525u + b;
        b ^= c >> 3;
        c += d * e;
        d = d * 31u + f;
        e ^= g;
        f += h;
        g = g * 5u + a;
        h ^= b;
        if (i % 8 == 0) {
            rill_irq_pend(rill_board_soft_irq);
        }
    }
    return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h;
}

static double mix_fp(unsigned rounds)
{
    double a = 1, b = 2, c = 3, d = 4, e = 5;
    for (unsigned i = 0; i < rounds; i++) {
        a = a * 0.999 + b * 0.001;
        b = b + c * 0.01;
        c = c * 0.5 + d;
        d = d * 0.25 + e;
        e = e * 0.9 + a * 0.01;
        if (i % 8 == 0) {
            rill_irq_pend(rill_board_soft_irq);
        }
    }
    return a + b + c + d + e;
}

TEST(registers_survive)
{
    rill_arch_irq_disable(rill_board_soft_irq);
    uint32_t expected = mix(ROUNDS);
    double expected_fp = mix_fp(ROUNDS);
    rill_arch_irq_clear(rill_board_soft_irq);
    hits = 0;
    outside = 0;
    CHECK_EQ(rill_irq_attach(rill_board_soft_irq, clobber, NULL), 0);
    CHECK_EQ(mix(ROUNDS), expected);
    CHECK(mix_fp(ROUNDS) == expected_fp);
    CHECK(hits >= 2 * ROUNDS / 8);
    CHECK_EQ(outside, 0);
    CHECK(!rill_arch_in_isr());
    CHECK_EQ(rill_irq_detach(rill_board_soft_irq), 0);
}

#ifdef __riscv_flen

static unsigned fp_state(void)
{
    uintptr_t status;
    __asm__ volatile("csrr %0, mstatus" : "=r"(status));
    return status >> 13 & 3;
}

enum { CLEAN = 2, DIRTY = 3 };

static rill_context_t here, there;
static unsigned char stack[1024] __attribute__((aligned(16)));
static unsigned seen[3];

static void without_fp(int told, struct rill_node *from, struct rill_node *thread)
{
    (void)told;
    (void)from;
    (void)thread;
    seen[0] = fp_state();
    rill_irq_pend(rill_board_soft_irq); // its handler computes
    seen[1] = fp_state();
    rill_arch_switch(RILL_OK, RILL_THREAD(&there), RILL_THREAD(&here));
    seen[2] = fp_state();
    rill_arch_switch(RILL_OK, RILL_THREAD(&there), RILL_THREAD(&here));
}

// A thread pays for the FPU only if it used it itself.
TEST(handlers_do_not_make_fp_threads)
{
    there.stack = stack;
    rill_arch_context_init(&there, stack + sizeof stack, without_fp);
    CHECK_EQ(rill_irq_attach(rill_board_soft_irq, clobber, NULL), 0);
    product = product + 1;
    rill_arch_switch(RILL_OK, RILL_THREAD(&here), RILL_THREAD(&there));
    CHECK_EQ(fp_state(), DIRTY);
    rill_arch_switch(RILL_OK, RILL_THREAD(&here), RILL_THREAD(&there));
    CHECK_EQ(seen[0], CLEAN);
    CHECK_EQ(seen[1], CLEAN);
    CHECK_EQ(seen[2], CLEAN);
    CHECK_EQ(rill_irq_detach(rill_board_soft_irq), 0);
}

// The rounding mode is the thread's own.
TEST(rounding_mode)
{
    unsigned mode;
    there.stack = stack;
    rill_arch_context_init(&there, stack + sizeof stack, without_fp);
    __asm__ volatile("fsrmi 1" : : : "memory");
    rill_arch_switch(RILL_OK, RILL_THREAD(&here), RILL_THREAD(&there));
    __asm__ volatile("frrm %0" : "=r"(mode));
    CHECK_EQ(mode, 1);
    __asm__ volatile("fsrmi 0" : : : "memory");
}

#endif

// ---- interrupt lines

static rill_uart_t *const uart = &rill_board_uart;

static void quiet(void *arg)
{
    (void)arg;
    hits++;
    uart->ops->tx_irq(uart, false);
}

static void disable_line(void *arg)
{
    (void)arg;
    hits++;
    rill_arch_irq_disable(uart->lines[0]);
}

static void settle(void)
{
    for (volatile unsigned n = 0; n < 1000; n++) {
    }
}

static void request(void)
{
    uart->ops->tx_irq(uart, true); // the transmitter is empty: at once
    settle();
}

TEST(lines)
{
    unsigned line = uart->lines[0];
    hits = 0;
    CHECK_EQ(rill_irq_attach(line, quiet, NULL), 0);
    request();
    CHECK_EQ(hits, 1);
    request();
    CHECK_EQ(hits, 2);
    rill_arch_irq_disable(line);
    request();
    CHECK_EQ(hits, 2);
    uart->ops->tx_irq(uart, false);
    rill_arch_irq_clear(line);
    rill_arch_irq_enable(line);
    settle();
    CHECK_EQ(hits, 2);
    CHECK_EQ(rill_irq_detach(line), 0);
}

// The completion of a line that its own handler has disabled must not be lost.
TEST(disabled_by_its_handler)
{
    unsigned line = uart->lines[0];
    hits = 0;
    CHECK_EQ(rill_irq_attach(line, disable_line, NULL), 0);
    for (unsigned n = 1; n <= 3; n++) {
        request();
        CHECK_EQ(hits, n);
        uart->ops->tx_irq(uart, false);
        rill_arch_irq_clear(line);
        rill_arch_irq_enable(line);
        settle();
        CHECK_EQ(hits, n);
    }
    CHECK_EQ(rill_irq_detach(line), 0);
}

TEST(software_line)
{
    unsigned line = rill_board_soft_irq;
    hits = 0;
    CHECK_EQ(rill_irq_pend(uart->lines[0]), RILL_EPERM);
    CHECK_EQ(rill_irq_pend(rill_irq_count), RILL_EINVAL);
    CHECK_EQ(rill_arch_irq_enable(rill_irq_count), RILL_EINVAL);
    rill_arch_irq_clear(line); // other cases pend it while nobody listens
    CHECK_EQ(rill_irq_attach(line, clobber, NULL), 0);
    uintptr_t state = rill_arch_irq_save();
    rill_irq_pend(line);
    rill_arch_wait(); // ends at once, and takes nothing
    CHECK_EQ(hits, 0);
    rill_arch_irq_clear(line);
    rill_arch_irq_restore(state);
    CHECK_EQ(hits, 0);
    state = rill_arch_irq_save();
    rill_irq_pend(line);
    uintptr_t inner = rill_arch_irq_save();
    rill_arch_irq_restore(inner);
    CHECK_EQ(hits, 0);
    rill_arch_irq_restore(state);
    CHECK_EQ(hits, 1);
    CHECK_EQ(rill_irq_detach(line), 0);
}

#ifdef __riscv_flen
TEST_MAIN("trap", TEST_CASE(registers_survive), TEST_CASE(handlers_do_not_make_fp_threads), TEST_CASE(rounding_mode),
          TEST_CASE(lines), TEST_CASE(disabled_by_its_handler), TEST_CASE(software_line))
#else
TEST_MAIN("trap", TEST_CASE(registers_survive), TEST_CASE(lines), TEST_CASE(disabled_by_its_handler),
          TEST_CASE(software_line))
#endif
