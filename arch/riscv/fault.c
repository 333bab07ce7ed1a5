// The report of an exception: what happened, in which task, all registers, and the calls that led there.
//
// Everything is written by polling. Nothing that may be broken is followed without a check: the stack is read only
// between sp and its upper end, and a second fault ends the report. A program that has no room for it (1.5 KB) defines
// its own rill_riscv_fault_report, and this file is not linked.
#include <rill/board.h>

#include "arch.h"
#include "frame.h"

#if RILL_FAULT_REPORT

// Supplied by the kernel (panic.c): the running task's name, and its stack; false if a callback or the loop runs.
const char *rill_fault_task_name(void);
bool rill_fault_stack(uintptr_t *low, uintptr_t *high);

_Noreturn void rill_riscv_fault_report(bool in_isr);

extern char __text_start[], __text_end[];
extern char __isr_stack_guard[], __isr_stack[], __stack_guard[], __stack[], __stack_top[];

uintptr_t rill_riscv_fault_registers[31]; // x1 .. x31, by trap.S

enum { TASK_GUARD_BYTES = 32, CHAIN_MAX = 16 };

struct where {
    const char *name;
    uintptr_t guard; // up to low: nobody's
    uintptr_t low;
    uintptr_t high;
};

#define CSR(name)                                                                                                      \
    static uintptr_t name(void)                                                                                        \
    {                                                                                                                  \
        uintptr_t value;                                                                                               \
        __asm__ volatile("csrr %0, " #name : "=r"(value));                                                             \
        return value;                                                                                                  \
    }
CSR(mcause)
CSR(mepc)
CSR(mtval)
CSR(mstatus)

static uintptr_t x(unsigned n)
{
    return rill_riscv_fault_registers[n - 1];
}

// ---- output

static void put(const char *text)
{
    while (*text != '\0') { // bound: the text
        rill_board_putc(*text++);
    }
}

static void put_hex(uintptr_t value)
{
    put("0x");
    for (int shift = __riscv_xlen - 4; shift >= 0; shift -= 4) { // bound: 16
        rill_board_putc("0123456789abcdef"[value >> shift & 15]);
    }
}

static void put_value(const char *name, uintptr_t value)
{
    put(name);
    put_hex(value);
}

// ---- what happened

static const char *cause_text(uintptr_t cause)
{
    static const char *const texts[] = {
        "instruction address misaligned", "instruction access fault", "illegal instruction", "breakpoint",
        "load address misaligned", "load access fault", "store address misaligned", "store access fault",
        "environment call", "environment call", "reserved", "environment call",
        "instruction page fault", "load page fault", "reserved", "store page fault",
    };
    if ((intptr_t)cause < 0) {
        return "unexpected interrupt";
    }
    return cause < sizeof texts / sizeof *texts ? texts[cause] : "unknown cause";
}

// Whose stack sp should be on.
static struct where where_am_i(bool in_isr)
{
    if (in_isr) {
        return (struct where){ "interrupt", (uintptr_t)__isr_stack_guard, (uintptr_t)__isr_stack,
                               (uintptr_t)__isr_stack_top };
    }
    struct where where = { rill_fault_task_name(), (uintptr_t)__stack_guard, (uintptr_t)__stack,
                           (uintptr_t)__stack_top };
    if (rill_fault_stack(&where.guard, &where.high)) {
        where.low = where.guard + TASK_GUARD_BYTES;
    }
    return where;
}

static bool overflowed(const struct where *where, uintptr_t sp)
{
    uintptr_t cause = mcause();
    bool data = cause == 5 || cause == 7;
    return sp < where->low || sp > where->high || (data && mtval() >= where->guard && mtval() < where->low);
}

static void put_summary(const struct where *where)
{
    put("\nrill: fault ");
    put(cause_text(mcause()));
    put(" in task ");
    put(where->name);
    if (overflowed(where, x(2))) {
        put("\nrill: stack overflow in task ");
        put(where->name);
    }
    put_value("\nrill: mcause ", mcause());
    put_value(" mepc ", mepc());
    put_value(" mtval ", mtval());
    put_value(" mstatus ", mstatus());
    put_value("\nrill: stack ", where->low);
    put_value(" .. ", where->high);
}

static void put_registers(void)
{
    static const char names[][4] = {
        "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3",  "a4",  "a5", "a6",
        "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
    };
    for (unsigned n = 0; n < 31; n++) {
        put(n % 4 == 0 ? "\nrill: " : "  ");
        put(names[n]);
        put_value(" ", rill_riscv_fault_registers[n]);
    }
}

// ---- the call chain

static bool in_text(uintptr_t address)
{
    return address >= (uintptr_t)__text_start && address < (uintptr_t)__text_end && address % 2 == 0;
}

// The instruction before `address` is a call: jal or jalr with ra as link, or their compressed forms.
static bool follows_call(uintptr_t address)
{
    if (!in_text(address) || !in_text(address - 4)) {
        return false;
    }
    const volatile uint16_t *code = (const volatile uint16_t *)address;
    unsigned link = code[-2] & 0xFFFu;
    if (link == 0x0EF || link == 0x0E7) {
        return true;
    }
    unsigned half = code[-1];
    bool jalr = (half & 0xF07F) == 0x9002 && (half & 0x0F80) != 0;
    bool jal = __riscv_xlen == 32 && (half & 0xE003) == 0x2001;
    return jalr || jal;
}

// A return address points behind its call; one less is inside it, which is the line to show.
static void put_call(uintptr_t address)
{
    put_value(" ", address - 1);
}

static void put_call_chain(const struct where *where)
{
    put("\nrill: call chain: riscv64-unknown-elf-addr2line -fpie <elf>");
    put_value(" ", mepc());
    if (follows_call(x(1))) {
        put_call(x(1));
    }
    uintptr_t last = x(1);
    uintptr_t sp = (x(2) + REG_BYTES - 1) / REG_BYTES * REG_BYTES;
    if (sp < where->low) {
        sp = where->low;
    }
    // On an interrupt stack that had no room left, this report has overwritten the upper end.
    uintptr_t report = (uintptr_t)__builtin_frame_address(0);
    uintptr_t end = report > sp && report <= where->high ? report - FAULT_ROOM : where->high;
    for (unsigned n = 0; n < CHAIN_MAX && sp < end; sp += REG_BYTES) { // bound: the stack
        uintptr_t word = *(const volatile uintptr_t *)sp;
        if (word != last && follows_call(word)) {
            put_call(word);
            last = word;
            n++;
        }
    }
    put("\n");
}

_Noreturn void rill_riscv_fault_report(bool in_isr)
{
    static bool reporting;
    if (!reporting) {
        reporting = true;
        struct where where = where_am_i(in_isr);
        put_summary(&where);
        put_registers();
        put_call_chain(&where);
    }
    rill_arch_exit(1);
}

#endif
