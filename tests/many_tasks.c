// rill-test: big | boards=host,mps2-an385,virt-rv32,virt-rv64
// Tens of thousands of tasks that sleep at the same time: all end, nothing is left over, time is what it should be.
#include <rill/group.h>
#include <rill/loop.h>

#include "test.h"

#if defined(__arm__)
#define TASKS 10000
#define STACK 512
#define MEMORY __attribute__((section(".psram"), aligned(RILL_STACK_ALIGN)))
#elif defined(__riscv)
#define TASKS 100000
#define STACK (__riscv_xlen == 32 ? 512 : 768)
#define MEMORY __attribute__((aligned(RILL_STACK_ALIGN)))
#else
#define TASKS 20000
#define STACK 4096
#define MEMORY __attribute__((aligned(RILL_STACK_ALIGN)))
#endif

static rill_tcb_t tcbs[TASKS] MEMORY;
static unsigned char stacks[TASKS][STACK] MEMORY;
static rill_task_pool_t sleepers = RILL_TASK_POOL_INIT(tcbs, stacks, TASKS, STACK);
RILL_TASK_DEFINE(main_task, 16384);

static unsigned asleep, most_asleep, ended;
static uint64_t latest_us;

// Deadlines all over ten seconds, most of them shared by a few tasks, in no order.
static uint32_t delay_ms(uint32_t i)
{
    return i * 7919u % 10007u + 1u;
}

static int sleeper(void *arg)
{
    uint32_t ms = delay_ms((uint32_t)(uintptr_t)arg);
    rill_time_t start = rill_loop_time();
    asleep++;
    most_asleep = asleep > most_asleep ? asleep : most_asleep;
    int error = rill_sleep_ms(ms);
    asleep--;
    ended++;
    latest_us = rill_loop_time();
    return error < 0 ? error : rill_loop_time() - start == RILL_MS(ms) ? 0 : RILL_EUSER;
}

static int spawn_all(void *arg)
{
    (void)arg;
    rill_group_t group = RILL_GROUP_INIT(NULL);
    int error = rill_group_begin(&group);
    for (uintptr_t i = 0; i < TASKS && error == 0; i++) {
        error = rill_group_spawn(&group, &sleepers, sleeper, (void *)i, NULL);
    }
    CHECK_EQ(rill_pool_used(&sleepers.tcbs), TASKS);
    CHECK_EQ(rill_group_spawn(&group, &sleepers, sleeper, NULL, NULL), RILL_ENOMEM);
    return rill_group_end(&group, error);
}

static void one_round(void)
{
    rill_value_t value;
    uint64_t start = rill_loop_time();
    most_asleep = ended = 0;
    CHECK_EQ(rill_run(&main_task, spawn_all, NULL, &value), 0);
    CHECK_EQ(most_asleep, TASKS);
    CHECK_EQ(ended, TASKS);
    CHECK_EQ(latest_us - start, RILL_MS(10007));
    CHECK_EQ(rill_pool_used(&sleepers.tcbs), 0);
    CHECK_EQ(rill_pool_used(&sleepers.stacks), 0);
    CHECK_EQ(rill_pool_high_water(&sleepers.tcbs), TASKS);
}

TEST(all_sleep_and_end)
{
    one_round();
}

// Blocks come from the free lists now.
TEST(again)
{
    one_round();
}

TEST_MAIN("many_tasks", TEST_CASE(all_sleep_and_end), TEST_CASE(again))
