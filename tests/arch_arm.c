// rill-test: boards=arm-m | real-clock | args=-icount shift=5,sleep=off
// Cortex-M: FP frames only for FPU users, lines of the NVIC, the board's clock and alarm.
#include <rill/board.h>
#include <rill/clock.h>
#include <rill/loop.h>
#include <rill/task.h>

#include "arch.h"
#include "test.h"

#define STACK_BYTES 512

static unsigned char stacks[2][STACK_BYTES] __attribute__((aligned(32)));
static rill_context_t home, fibers[2];

RILL_TASK_POOL_DEFINE(tasks, 2, 512);

static void start(unsigned n, rill_entry_t entry)
{
    struct rill_stack_head *head = (struct rill_stack_head *)(void *)stacks[n];
    head->canary = RILL_STACK_CANARY;
    head->size = STACK_BYTES;
    fibers[n].stack = stacks[n];
    rill_arch_context_init(&fibers[n], stacks[n] + STACK_BYTES, entry);
}

static uint32_t depth(unsigned n)
{
    return (uint32_t)(stacks[n] + STACK_BYTES - (unsigned char *)fibers[n].sp);
}

static void use_fpu(void)
{
#if RILL_ARM_FPU
    __asm__ volatile("vmov.f32 s0, #1.0" : : : "s0");
#endif
}

static void go_home(int told, struct rill_node *from, struct rill_node *thread)
{
    (void)from;
    (void)told;
    unsigned n = (unsigned)(RILL_CONTEXT(thread) - fibers);
    for (;;) {
        rill_arch_switch(RILL_OK, RILL_THREAD(&fibers[n]), RILL_THREAD(&home));
    }
}

static void go_home_twice_then_use_fpu(int told, struct rill_node *from, struct rill_node *thread)
{
    (void)from;
    (void)told;
    unsigned n = (unsigned)(RILL_CONTEXT(thread) - fibers);
    rill_arch_switch(RILL_OK, RILL_THREAD(&fibers[n]), RILL_THREAD(&home));
    rill_arch_switch(RILL_OK, RILL_THREAD(&fibers[n]), RILL_THREAD(&home));
    for (;;) {
        use_fpu();
        rill_arch_switch(RILL_OK, RILL_THREAD(&fibers[n]), RILL_THREAD(&home));
    }
}

TEST(fp_frame_for_users_only)
{
    use_fpu(); // home is a user
    start(0, go_home);
    start(1, go_home_twice_then_use_fpu);
    rill_arch_switch(RILL_OK, RILL_THREAD(&home), RILL_THREAD(&fibers[1]));
    uint32_t before = depth(1);
    rill_arch_switch(RILL_OK, RILL_THREAD(&home), RILL_THREAD(&fibers[1]));
    CHECK_EQ(depth(1), before);
    rill_arch_switch(RILL_OK, RILL_THREAD(&home), RILL_THREAD(&fibers[1]));
    CHECK_EQ(depth(1) - before, RILL_ARM_FPU ? 72 : 0); // s16-s31, fpscr, pc
    rill_arch_switch(RILL_OK, RILL_THREAD(&home), RILL_THREAD(&fibers[0]));
    CHECK(depth(0) <= 64); // the user before it left nothing
}

static void user_leads_to_other(int told, struct rill_node *from, struct rill_node *thread)
{
    (void)from;
    (void)told;
    (void)thread;
    use_fpu();
    rill_arch_switch(RILL_OK, RILL_THREAD(&fibers[1]), RILL_THREAD(&fibers[0]));
    CHECK(!"nobody switches back");
    go_home(told, from, RILL_THREAD(&fibers[1]));
}

static void user_leaves(int told, struct rill_node *from, struct rill_node *thread)
{
    (void)told;
    (void)from;
    use_fpu();
    rill_arch_leave(RILL_OK, RILL_CONTEXT(thread)->stack, RILL_THREAD(&fibers[0]));
}

// What a user that is gone left in the registers is nobody's: the next thread does not save it.
TEST(user_leaves_clean)
{
    start(0, go_home);
    start(1, user_leaves);
    rill_arch_switch(RILL_OK, RILL_THREAD(&home), RILL_THREAD(&fibers[1]));
    CHECK(depth(0) <= 64);
}

TEST(user_hands_over_clean)
{
    start(0, go_home);
    start(1, user_leads_to_other);
    rill_arch_switch(RILL_OK, RILL_THREAD(&home), RILL_THREAD(&fibers[1]));
    CHECK(depth(0) <= 64);
    CHECK(depth(1) >= (RILL_ARM_FPU ? 36 + 72 : 36));
}

// The rounding mode; nothing where there is no FPU.
static uint32_t fpscr(void)
{
    uint32_t value = 0;
#if RILL_ARM_FPU
    __asm__ volatile("vmrs %0, fpscr" : "=r"(value));
#endif
    return value & 3u << 22;
}

static void round_to_zero(int told, struct rill_node *from, struct rill_node *thread)
{
    (void)from;
    (void)told;
    (void)thread;
#if RILL_ARM_FPU
    __asm__ volatile("vmsr fpscr, %0" : : "r"(3u << 22));
#endif
    uint32_t mode = fpscr();
    rill_arch_switch(RILL_OK, RILL_THREAD(&fibers[0]), RILL_THREAD(&home));
    CHECK_EQ(fpscr(), mode);
    go_home(told, from, RILL_THREAD(&fibers[0]));
}

TEST(rounding_mode_is_the_threads_own)
{
    start(0, round_to_zero);
    rill_arch_switch(RILL_OK, RILL_THREAD(&home), RILL_THREAD(&fibers[0]));
    CHECK_EQ(fpscr(), 0);
    rill_arch_switch(RILL_OK, RILL_THREAD(&home), RILL_THREAD(&fibers[0]));
    CHECK_EQ(fpscr(), 0);
}

static volatile uint32_t fired;

static void count(void *arg)
{
    fired += rill_arch_in_isr() ? 1u : 100u;
    CHECK(arg == &fired);
}

TEST(pend_dispatches)
{
    unsigned line = rill_board_soft_irq;
    fired = 0;
    CHECK(!rill_arch_in_isr());
    CHECK_EQ(rill_irq_attach(line, count, (void *)(uintptr_t)&fired), 0);
    CHECK_EQ(rill_irq_pend(line), 0);
    CHECK_EQ(fired, 1);
    uintptr_t state = rill_arch_irq_save();
    rill_irq_pend(line);
    rill_arch_wait(); // a pending interrupt ends it
    CHECK_EQ(fired, 1);
    rill_arch_irq_clear(line);
    rill_arch_irq_restore(state);
    CHECK_EQ(fired, 1);
    rill_arch_irq_disable(line);
    rill_irq_pend(line);
    CHECK_EQ(fired, 1);
    rill_arch_irq_enable(line);
    CHECK_EQ(fired, 2);
    CHECK_EQ(rill_irq_detach(line), 0);
}

TEST(lines_beyond_the_board)
{
    CHECK_EQ(rill_arch_irq_enable(rill_irq_count), RILL_EINVAL);
    CHECK_EQ(rill_arch_irq_disable(rill_irq_count), RILL_EINVAL);
    CHECK_EQ(rill_irq_pend(rill_irq_count), RILL_EINVAL);
    CHECK_EQ(rill_arch_irq_clear(UINT32_MAX), RILL_EINVAL);
}

static void read_in_isr(void *arg)
{
    *(rill_time_t *)arg = rill_clock_now();
}

TEST(now_is_monotonic)
{
    rill_time_t in_isr = 0, last = rill_clock_now();
    unsigned backwards = 0;
    CHECK_EQ(rill_irq_attach(rill_board_soft_irq, read_in_isr, &in_isr), 0);
    for (int i = 0; i < 20000; i++) {
        rill_irq_pend(rill_board_soft_irq);
        rill_time_t now = rill_clock_now();
        backwards += in_isr < last || now < in_isr;
        last = now;
    }
    CHECK_EQ(backwards, 0);
    CHECK_EQ(rill_irq_detach(rill_board_soft_irq), 0);
}

static int sleeps(void *arg)
{
    unsigned early = 0, late = 0;
    (void)arg;
    for (uint32_t i = 1; i <= 200; i++) {
        rill_time_t deadline = rill_clock_now() + i * i % 1009;
        rill_sleep_until(deadline);
        rill_time_t now = rill_clock_now();
        early += now < deadline;
        late += now > deadline + 1000;
    }
    CHECK_EQ(early, 0);
    CHECK_EQ(late, 0);
    return 0;
}

TEST(alarm_is_never_early)
{
    CHECK_EQ(rill_run(&tasks, sleeps, NULL, NULL), 0);
}

TEST_MAIN("arch_arm", TEST_CASE(fp_frame_for_users_only), TEST_CASE(user_leaves_clean),
          TEST_CASE(user_hands_over_clean),
          TEST_CASE(rounding_mode_is_the_threads_own), TEST_CASE(pend_dispatches), TEST_CASE(lines_beyond_the_board),
          TEST_CASE(now_is_monotonic), TEST_CASE(alarm_is_never_early))
