// rill-test: args=-icount shift=5 -singlestep
// The switch itself, without a kernel: registers, stack, first entry. Every instruction ends a translation block, so
// that interrupts meet every instruction of the switch.
#include "arch.h"
#include "test.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

// tests/arch/<name>/fill.S. A port without a storm of interrupts has none of the last two.
void test_fill_and_switch(struct rill_node *from, struct rill_node *to, uint32_t seed, uint32_t *mismatches);
extern const unsigned test_fill_registers;
void test_storm(bool on) __attribute__((weak));
extern volatile uint32_t test_storm_count __attribute__((weak));

#define SWITCHES 10000u
#if defined(__linux__)
#define STACK_BYTES 16384 // the sanitizers' C functions are on it, too
#else
#define STACK_BYTES 1024
#endif

static unsigned char stacks[2][STACK_BYTES] __attribute__((aligned(32)));
static rill_context_t home, fibers[2];
static uint32_t mismatches, turns[2];
static struct rill_node *entry_thread;
static uintptr_t entry_stack;

static void start(unsigned n, rill_entry_t entry)
{
    struct rill_stack_head *head = (struct rill_stack_head *)(void *)stacks[n];
#if defined(__SANITIZE_ADDRESS__)
    __asan_unpoison_memory_region(stacks[n], STACK_BYTES); // a thread thrown away leaves its frames marked
#endif
    head->canary = RILL_STACK_CANARY;
    head->size = STACK_BYTES;
    fibers[n].stack = stacks[n];
    rill_arch_context_init(&fibers[n], stacks[n] + STACK_BYTES, entry);
}

static void note_entry(int told, struct rill_node *from, struct rill_node *thread)
{
    (void)from;
    (void)told;
    entry_thread = thread;
    entry_stack = (uintptr_t)__builtin_frame_address(0);
    for (;;) {
        rill_arch_switch(RILL_OK, RILL_THREAD(&fibers[0]), RILL_THREAD(&home));
    }
}

TEST(first_entry)
{
    start(0, note_entry);
    rill_arch_switch(RILL_OK, RILL_THREAD(&home), RILL_THREAD(&fibers[0]));
    CHECK(entry_thread == RILL_THREAD(&fibers[0]));
    CHECK(entry_stack > (uintptr_t)stacks[0] && entry_stack <= (uintptr_t)stacks[0] + STACK_BYTES);
    CHECK(entry_stack + 64 > (uintptr_t)stacks[0] + STACK_BYTES); // nothing above it is lost
    rill_arch_switch(RILL_OK, RILL_THREAD(&home), RILL_THREAD(&fibers[0]));
    CHECK((unsigned char *)fibers[0].sp > stacks[0] && (unsigned char *)fibers[0].sp < stacks[0] + STACK_BYTES);
}

static void answer(int told, struct rill_node *from, struct rill_node *thread)
{
    (void)from;
    (void)thread;
    for (;;) {
        told = rill_arch_switch(told + 1, RILL_THREAD(&fibers[0]), RILL_THREAD(&home));
    }
}

// What one side passes is what the other side's switch returns, or its entry gets.
TEST(word_is_told)
{
    start(0, answer);
    for (int word = -3; word < 3; word++) {
        CHECK_EQ(rill_arch_switch(word, RILL_THREAD(&home), RILL_THREAD(&fibers[0])), word + 1);
    }
}

static void aligned_entry(int told, struct rill_node *from, struct rill_node *thread)
{
    (void)from;
    (void)told;
    _Alignas(8) volatile uint64_t local = 1; // placed by the compiler, which trusts sp at entry
    entry_thread = thread;
    entry_stack = (uintptr_t)&local;
    for (;;) {
        rill_arch_switch(RILL_OK, RILL_THREAD(&fibers[1]), RILL_THREAD(&home));
    }
}

TEST(stack_is_aligned)
{
    start(1, aligned_entry);
    rill_arch_switch(RILL_OK, RILL_THREAD(&home), RILL_THREAD(&fibers[1]));
    CHECK_EQ(entry_stack % 8, 0);
    CHECK(entry_thread == RILL_THREAD(&fibers[1]));
}

// Seeds of one fiber are even, of the other odd: an odd one makes no use of the FPU where that makes a difference.
static void fill_forever(int told, struct rill_node *from, struct rill_node *thread)
{
    (void)from;
    (void)told;
    unsigned n = (unsigned)(RILL_CONTEXT(thread) - fibers);
    for (uint32_t seed = 0x1000 + n;; seed += 2 * 7919) {
        turns[n]++;
        test_fill_and_switch(RILL_THREAD(&fibers[n]), RILL_THREAD(n == 0 ? &fibers[1] : &home), seed, &mismatches);
    }
}

static void storm(bool on)
{
    if (test_storm != NULL) {
        test_storm(on);
    }
}

TEST(registers_survive)
{
    mismatches = 0;
    turns[0] = turns[1] = 0;
    start(0, fill_forever);
    start(1, fill_forever);
    storm(true);
    for (uint32_t i = 0; i < SWITCHES; i++) {
        test_fill_and_switch(RILL_THREAD(&home), RILL_THREAD(&fibers[0]), i * 2654435761u, &mismatches);
    }
    storm(false);
    CHECK_EQ(mismatches, 0);
    CHECK_EQ(turns[0], SWITCHES);
    CHECK_EQ(turns[1], SWITCHES);
    CHECK(test_fill_registers >= 6); // x86-64 has the fewest
    if (test_storm != NULL) {
        CHECK(test_storm_count > SWITCHES / 10);
        test_printf("# %u interrupts in %u switches\n", (unsigned)test_storm_count, (unsigned)(3 * SWITCHES));
    }
}

static void count_turns(int told, struct rill_node *from, struct rill_node *thread)
{
    (void)from;
    (void)told;
    (void)thread;
    for (;;) {
        turns[0]++;
        rill_arch_switch(RILL_OK, RILL_THREAD(&fibers[0]), RILL_THREAD(&fibers[0] + 1));
    }
}

static void leave(int told, struct rill_node *from, struct rill_node *thread)
{
    (void)from;
    turns[0]++;
    rill_arch_leave(told + 1, RILL_CONTEXT(thread)->stack, RILL_THREAD(turns[0] == 1 ? &fibers[1] : &home));
}

// A thread that leaves gives way to one that begins, or to one that goes on, and tells it a word.
TEST(leaving)
{
    turns[0] = 0;
    start(1, aligned_entry);
    entry_thread = NULL;
    start(0, leave);
    CHECK_EQ(rill_arch_switch(4, RILL_THREAD(&home), RILL_THREAD(&fibers[0])), 0);
    CHECK(entry_thread == RILL_THREAD(&fibers[1]));
    start(0, leave);
    CHECK_EQ(rill_arch_switch(4, RILL_THREAD(&home), RILL_THREAD(&fibers[0])), 5);
    CHECK_EQ(turns[0], 2);
}

// A thread may be thrown away at any switch and its stack given to a new one.
TEST(stack_is_reused)
{
    turns[0] = 0;
    start(1, aligned_entry);
    for (uint32_t i = 1; i <= 100; i++) {
        start(0, count_turns);
        rill_arch_switch(RILL_OK, RILL_THREAD(&home), RILL_THREAD(&fibers[0]));
        CHECK_EQ(turns[0], i);
    }
}

TEST_MAIN("arch_switch", TEST_CASE(first_entry), TEST_CASE(word_is_told), TEST_CASE(stack_is_aligned),
          TEST_CASE(registers_survive), TEST_CASE(leaving), TEST_CASE(stack_is_reused))
