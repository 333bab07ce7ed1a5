// The report of a fault, on the console by polling:
//     rill: fault UsageFault
//     rill:   r0 ... r12, sp, lr, pc, xpsr, the fault status registers
//     rill: in task <name>, stack <low>..<high>
//     rill: stack overflow in task <name>
//     rill: call chain: arm-none-eabi-addr2line -fpie <elf> <pc> <calls>
// What only needs the hardware comes first, what asks the kernel later: the kernel's memory may be what was destroyed.
#include <rill/board.h>

#include "arch.h"

#if RILL_FAULT_REPORT

extern const char *rill_fault_task_name(void) __attribute__((weak));
extern bool rill_fault_stack(uintptr_t *low, uintptr_t *high) __attribute__((weak));
extern void rill_fault_at(uintptr_t sp) __attribute__((weak));

extern const char __text_start[], __text_end[], __ram_start[], __ram_end[];
extern const char __stack[], __stack_top[], __isr_stack[], __isr_stack_top[];
extern volatile uint32_t rill_arm_exiting;

// Pushed by fault.S.
struct entry {
    uint32_t msp, psp, exc_return, unused;
#if RILL_ARM_BASELINE
    uint32_t r8_r11[4], r4_r7[4];
#else
    uint32_t r4_r7[4], r8_r11[4];
#endif
};

// Pushed by the hardware.
struct frame {
    uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
};

struct report {
    const struct entry *entry;
    const struct frame *frame; // NULL: the stack had no room for it
    uint32_t frame_at, sp;     // where it is or would be, sp before the exception
    uint32_t cfsr;
    uintptr_t low, high; // the stack
};

_Noreturn void rill_arm_fault_report(const struct entry *entry);
_Noreturn void rill_arm_stop(void);
_Noreturn void rill_arm_return(uint32_t psp, uint32_t exc_return);

enum { FROM_THREAD = 1 << 3, ON_PSP = 1 << 2, BASIC_FRAME = 1 << 4 }; // EXC_RETURN
enum { MSTKERR = 1 << 4, MMARVALID = 1 << 7, STKERR = 1 << 12, STKOF = 1 << 20 }; // CFSR
enum { CHAIN_LIMIT = 12 };

static bool reporting;

// ---- printing

static void put(const char *text)
{
    while (*text != '\0') { // bound: the text
        rill_board_putc(*text++);
    }
}

static void put_hex(uint32_t value)
{
    for (int shift = 28; shift >= 0; shift -= 4) { // bound: 8
        rill_board_putc("0123456789abcdef"[value >> shift & 15]);
    }
}

static void put_register(const char *name, uint32_t value)
{
    put(" ");
    put(name);
    put("=");
    put_hex(value);
}

static void put_four(const char *name, const uint32_t *value)
{
    put(" ");
    put(name);
    put("=");
    for (int i = 0; i < 4; i++) {
        put_hex(value[i]);
        put(i < 3 ? "," : "");
    }
}

// ---- what happened

static const char *exception_name(void)
{
    static const char *const names[16] = {
        [2] = "NMI",         [3] = "HardFault",    [4] = "MemManage",      [5] = "BusFault", [6] = "UsageFault",
        [7] = "SecureFault", [11] = "SVCall",      [12] = "DebugMonitor", [14] = "PendSV",  [15] = "SysTick",
    };
    uint32_t ipsr;
    __asm__ volatile("mrs %0, ipsr" : "=r"(ipsr));
    return ipsr < 16 && names[ipsr] != NULL ? names[ipsr] : "?";
}

static bool in_memory(uintptr_t address, uintptr_t bytes, uintptr_t low, uintptr_t high)
{
    return (address & 3) == 0 && address >= low && address < high && high - address >= bytes;
}

static bool on_psp(const struct report *report)
{
    return (report->entry->exc_return & ON_PSP) != 0;
}

static void find_stack(struct report *report)
{
    report->low = (uintptr_t)(on_psp(report) ? __stack : __isr_stack);
    report->high = (uintptr_t)(on_psp(report) ? __stack_top : __isr_stack_top);
    if (on_psp(report) && rill_fault_stack != NULL) {
        // Where a guard was hit tells whose it is, even if sp is far beyond it.
        rill_fault_at((report->cfsr & MMARVALID) ? *rill_arm_reg(RILL_ARM_MMFAR) : report->entry->psp);
        rill_fault_stack(&report->low, &report->high);
    }
}

static bool readable(const struct report *report, uintptr_t address, uintptr_t bytes)
{
    return in_memory(address, bytes, (uintptr_t)__ram_start, (uintptr_t)__ram_end) ||
           in_memory(address, bytes, report->low, report->high);
}

static uint32_t stack_limit_register(const struct report *report)
{
    uint32_t limit = 0;
#if RILL_ARM_PSPLIM
    if (on_psp(report)) {
        __asm__ volatile("mrs %0, psplim" : "=r"(limit));
    } else {
        __asm__ volatile("mrs %0, msplim" : "=r"(limit));
    }
#else
    (void)report;
#endif
    return limit;
}

// The frame is not there if stacking it failed; PSPLIM and MSPLIM leave sp at the limit then.
static void find_frame(struct report *report)
{
    uint32_t at = on_psp(report) ? report->entry->psp : report->entry->msp;
    bool stacked = !(report->cfsr & (MSTKERR | STKERR)) &&
                   !((report->cfsr & STKOF) && at == stack_limit_register(report));
    report->frame_at = at;
    report->frame = stacked && readable(report, at, sizeof *report->frame) ? (const struct frame *)at : NULL;
    report->sp = at;
    if (report->frame != NULL) {
        report->sp += report->entry->exc_return & BASIC_FRAME ? 32u : 104u;
        report->sp += report->frame->xpsr & 1u << 9 ? 4u : 0u;
    }
}

// Bytes at the low end that nobody may touch. The loop's stack and the interrupt stack have no head.
static bool has_head(const struct report *report)
{
    return report->low != (uintptr_t)__stack && report->low != (uintptr_t)__isr_stack;
}

static uintptr_t kept_bytes(const struct report *report)
{
    return RILL_ARM_MPU_GUARD ? 32 : has_head(report) ? sizeof(struct rill_stack_head) : 0;
}

static bool hit_guard(const struct report *report, uintptr_t end)
{
#if RILL_ARM_MPU_GUARD
    uint32_t address = *rill_arm_reg(RILL_ARM_MMFAR);
    return (report->cfsr & MMARVALID) && address >= report->low && address < end;
#else
    (void)report;
    (void)end;
    return false;
#endif
}

static bool is_overflow(const struct report *report)
{
    const struct rill_stack_head *head = (const struct rill_stack_head *)report->low;
    uintptr_t kept = kept_bytes(report);
    if ((report->cfsr & STKOF) || report->frame_at < report->low + kept || hit_guard(report, report->low + kept)) {
        return true;
    }
    return has_head(report) && head->canary != RILL_STACK_CANARY;
}

// ---- the report

static void put_status(const struct report *report)
{
    put("\nrill:  ");
#if !RILL_ARM_BASELINE
    put_register("cfsr", report->cfsr);
    put_register("hfsr", *rill_arm_reg(RILL_ARM_HFSR));
    put_register("mmfar", *rill_arm_reg(RILL_ARM_MMFAR));
    put_register("bfar", *rill_arm_reg(RILL_ARM_BFAR));
#endif
    put_register("exc_return", report->entry->exc_return);
    put("\n");
}

static void put_registers(const struct report *report)
{
    const struct frame *frame = report->frame;
    put("rill:  ");
    if (frame != NULL) {
        put_four("r0-r3", &frame->r0);
    }
    put_four("r4-r7", report->entry->r4_r7);
    put("\nrill:  ");
    put_four("r8-r11", report->entry->r8_r11);
    if (frame != NULL) {
        put_register("r12", frame->r12);
    }
    put_register("sp", report->sp);
    if (frame != NULL) {
        put("\nrill:  ");
        put_register("lr", frame->lr);
        put_register("pc", frame->pc);
        put_register("xpsr", frame->xpsr);
    } else {
        put("\nrill:   no room on the stack for r0-r3, r12, lr, pc and xpsr: they are lost");
    }
    put_status(report);
}

static void put_place(const struct report *report)
{
    if (!(report->entry->exc_return & FROM_THREAD)) {
        put("an interrupt handler");
    } else if (rill_fault_task_name != NULL) {
        put("task ");
        put(rill_fault_task_name());
    } else {
        put("the thread");
    }
}

static void put_stack(const struct report *report)
{
    put("rill: in ");
    put_place(report);
    put(", stack ");
    put_hex((uint32_t)report->low);
    put("..");
    put_hex((uint32_t)report->high);
    put(report->sp > report->high ? ", sp is above it\n" : "\n");
    if (is_overflow(report)) {
        put("rill: stack overflow in ");
        put_place(report);
        put("\n");
    }
}

// The address of the call that would return to `value`, 0 if no call does: BL has 4 bytes, BLX of a register 2.
static uint32_t call_before(uint32_t value)
{
    uint32_t next = value & ~1u;
    if (!(value & 1) || next < (uint32_t)__text_start + 4 || next > (uint32_t)__text_end) {
        return 0;
    }
    const uint16_t *code = (const uint16_t *)next;
    if ((code[-2] & 0xF800) == 0xF000 && (code[-1] & 0xD000) == 0xD000) {
        return next - 4;
    }
    return (code[-1] & 0xFF87) == 0x4780 ? next - 2 : 0;
}

static void put_address(uint32_t address)
{
    put(" 0x");
    put_hex(address);
}

static void put_chain(const struct report *report)
{
    uint32_t last = report->frame != NULL ? call_before(report->frame->lr) : 0;
    put("rill: call chain: arm-none-eabi-addr2line -fpie <elf>");
    if (report->frame != NULL) {
        put_address(report->frame->pc & ~1u);
    }
    if (last != 0) {
        put_address(last);
    }
    uint32_t at = report->sp;
    // bound: the stack
    for (int found = 0; found < CHAIN_LIMIT && at < report->high && readable(report, at, 4); at += 4) {
        uint32_t call = call_before(*(const uint32_t *)at);
        if (call != 0 && call != last) {
            put_address(call);
            last = call;
            found++;
        }
    }
    put("\n");
}

// Ends the program from thread mode, where a breakpoint nobody takes is a fault like any other: inside a HardFault it
// would lock the core up. v6-M cannot leave several exceptions at once, so there only faults of threads end this way.
static _Noreturn void leave(const struct entry *entry)
{
    struct frame *frame = (struct frame *)(void *)((uintptr_t)__stack_top - sizeof *frame);
    if (RILL_ARM_BASELINE && !(entry->exc_return & FROM_THREAD)) {
        rill_arch_exit(1);
    }
#if !RILL_ARM_BASELINE
    *rill_arm_reg(RILL_ARM_CCR) |= 1; // NONBASETHRDENA
#endif
    *frame = (struct frame){ .r0 = 1, .pc = (uint32_t)rill_arch_exit & ~1u, .xpsr = 1u << 24 };
    rill_arm_return((uint32_t)frame, entry->exc_return | FROM_THREAD | ON_PSP | BASIC_FRAME);
}

// Without a guard an endless recursion ends where RAM does, having written over all of it. The console is made to work
// again; there is nothing else to tell.
static void check_memory(const struct entry *entry)
{
    extern uint32_t __data_start[], __data_end[];
    extern const uint32_t __data_load[];
    if (RILL_ARCH_STACK_GUARD || !(entry->exc_return & ON_PSP) || entry->psp >= (uintptr_t)__ram_start) {
        return;
    }
    for (size_t i = 0; i < (size_t)(__data_end - __data_start); i++) { // bound: .data
        __data_start[i] = __data_load[i];
    }
    put("\nrill: fault ");
    put(exception_name());
    put("\nrill: stack overflow down to the end of RAM\n");
    rill_arm_exiting = 0;
    leave(entry);
}

_Noreturn void rill_arm_fault_report(const struct entry *entry)
{
    struct report report = { .entry = entry };
    check_memory(entry);
    if (rill_arm_exiting) {
        rill_arm_stop();
    }
    put("\nrill: fault ");
    put(exception_name());
    put(reporting ? " while reporting a fault\n" : "\n");
    if (reporting) {
        leave(entry);
    }
    reporting = true;
#if !RILL_ARM_BASELINE
    report.cfsr = *rill_arm_reg(RILL_ARM_CFSR);
#endif
#if RILL_ARM_MPU_GUARD
    *rill_arm_reg(RILL_ARM_MPU_CTRL) = 0;
#endif
    find_frame(&report);
    put_registers(&report);
    find_stack(&report);
    put_stack(&report);
    put_chain(&report);
    leave(entry);
}

#endif
