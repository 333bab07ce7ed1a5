// asyncio.Queue, PriorityQueue and LifoQueue, rules Q1-Q10. An element is a number or a letter.
// rill-test: min-ram=16
#define TASKS 9
#include "sync.h"

static uintptr_t storage[8];
static rill_queue_t queue;

static bool before(const void *a, const void *b)
{
    return *(const int *)a < *(const int *)b;
}

// asyncio.Queue() has no limit; here it is one the program does not reach.
#define UNBOUNDED 8

static void begin(uint16_t capacity, rill_queue_order_t order, rill_fn_t main_fn)
{
    CHECK_EQ(rill_queue_init(&queue, storage, sizeof(int), capacity, order, before), RILL_OK);
    run_main(main_fn);
}

static int put_now(int item)
{
    return rill_queue_put_nowait(&queue, &item);
}

// What get or get_nowait gave, as the reference prints it: a letter, a number or an error.
static const char *got(int code, int item)
{
    static char letter[2];
    if (code == 0 && item >= 'a') {
        letter[0] = (char)item;
        return letter;
    }
    return number_or_error(code, item);
}

static const char *get(void)
{
    int item = 0;
    int code = rill_queue_get(&queue, &item);
    return got(code, item);
}

static const char *get_now(void)
{
    int item = 0;
    int code = rill_queue_get_nowait(&queue, &item);
    return got(code, item);
}

static const char *get_within_5(void)
{
    int item = 0;
    rill_timeout_t limit = { 0 };
    int code = rill_timeout_begin(&limit, RILL_MS(5));
    if (code == 0) {
        code = rill_timeout_end(&limit, rill_queue_get(&queue, &item));
    }
    return got(code, item);
}

// ev(L([await q.get() for _ in range(n)]))
static void list_of_gets(unsigned n)
{
    char text[24] = "[";
    for (unsigned i = 0; i < n; i++) {
        strcat(text, get());
        strcat(text, i + 1 < n ? "," : "]");
    }
    ev("%s", text);
}

static rill_task_t spawn_letter(rill_fn_t fn, char letter)
{
    return spawn(fn, (void *)(uintptr_t)letter);
}

static int put_and_report(void *letter)
{
    int item = (int)(intptr_t)letter;
    int code = rill_queue_put(&queue, &item);
    ev("%c %s", item, outcome(code, "None"));
    return 0;
}

static int put_then_say(void *letter)
{
    int item = (int)(intptr_t)letter;
    int code = rill_queue_put(&queue, &item);
    if (code == 0) {
        ev("%c put", item);
    }
    return code;
}

static int cancel_putter_main(void *arg)
{
    (void)arg;
    put_now('x');
    rill_task_t a = spawn_letter(put_and_report, 'a');
    spawn_letter(put_and_report, 'b');
    rill_sleep_ms(1);
    rill_task_cancel(a);
    rill_sleep_ms(1);
    ev("%s", get_now());
    rill_sleep_ms(1);
    ev("%s", get_now());
    ev("%u", rill_queue_size(&queue));
    return 0;
}

TEST(cancel_putter)
{
    begin(1, RILL_FIFO, cancel_putter_main);
    trace_is("1 a ECANCELED\n"
             "2 x\n"
             "2 b None\n"
             "3 b\n"
             "3 0\n"
             "3 run -> None\n");
}

static int cancel_woken_putter_main(void *arg)
{
    (void)arg;
    put_now('x');
    rill_task_t a = spawn_letter(put_and_report, 'a');
    spawn_letter(put_and_report, 'b');
    rill_sleep_ms(1);
    ev("%s", get_now());
    rill_task_cancel(a);
    rill_sleep_ms(1);
    const char *item = get_now();
    ev("%s %u", item, rill_queue_size(&queue));
    return 0;
}

TEST(cancel_woken_putter)
{
    begin(1, RILL_FIFO, cancel_woken_putter_main);
    trace_is("1 x\n"
             "1 a ECANCELED\n"
             "1 b None\n"
             "2 b 0\n"
             "2 run -> None\n");
}

static int fifo_unbounded_put_never_blocks_main(void *arg)
{
    (void)arg;
    call_soon_ev("soon");
    for (int i = 0; i < 3; i++) {
        rill_queue_put(&queue, &i);
    }
    ev("size %u full %d", rill_queue_size(&queue), rill_queue_full(&queue));
    list_of_gets(3);
    ev("no yield so far");
    return rill_yield();
}

TEST(fifo_unbounded_put_never_blocks)
{
    begin(UNBOUNDED, RILL_FIFO, fifo_unbounded_put_never_blocks_main);
    trace_is("0 size 3 full 0\n"
             "0 [0,1,2]\n"
             "0 no yield so far\n"
             "0 soon\n"
             "0 run -> None\n");
}

static int work(void *arg)
{
    (void)arg;
    for (;;) {
        int item;
        int code = rill_queue_get(&queue, &item);
        if (code == 0) {
            code = rill_sleep_ms(5);
        }
        if (code != 0) {
            return code;
        }
        ev("done %d", item);
        rill_queue_task_done(&queue);
    }
}

static int join_task_done_main(void *arg)
{
    (void)arg;
    rill_task_t workers[2] = { spawn(work, NULL), spawn(work, NULL) };
    for (int i = 0; i < 3; i++) {
        put_now(i);
    }
    rill_queue_join(&queue);
    ev("joined");
    call_soon_ev("soon");
    rill_queue_join(&queue);
    ev("join on empty does not yield");
    ev("%s", outcome(rill_queue_task_done(&queue), "None"));
    rill_task_cancel(workers[0]);
    rill_task_cancel(workers[1]);
    return 0;
}

TEST(join_task_done)
{
    begin(UNBOUNDED, RILL_FIFO, join_task_done_main);
    trace_is("5 done 0\n"
             "5 done 1\n"
             "10 done 2\n"
             "10 joined\n"
             "10 join on empty does not yield\n"
             "10 EINVAL\n"
             "10 soon\n"
             "10 run -> None\n");
}

static int lifo_main(void *arg)
{
    (void)arg;
    put_now(1);
    put_now(3);
    put_now(2);
    list_of_gets(3);
    return 0;
}

TEST(lifo)
{
    begin(UNBOUNDED, RILL_LIFO, lifo_main);
    trace_is("0 [2,3,1]\n"
             "0 run -> None\n");
}

static int put_four(void *arg)
{
    (void)arg;
    for (int i = 0; i < 4; i++) {
        rill_queue_put(&queue, &i);
        ev("put %d", i);
    }
    return 0;
}

static int maxsize_blocks_producer_main(void *arg)
{
    (void)arg;
    spawn(put_four, NULL);
    rill_sleep_ms(5);
    ev("size %u full %d", rill_queue_size(&queue), rill_queue_full(&queue));
    for (int i = 0; i < 4; i++) {
        const char *item = get();
        ev("got %s", item);
        rill_sleep_ms(1);
    }
    return 0;
}

TEST(maxsize_blocks_producer)
{
    begin(2, RILL_FIFO, maxsize_blocks_producer_main);
    trace_is("0 put 0\n"
             "0 put 1\n"
             "5 size 2 full 1\n"
             "5 got 0\n"
             "5 put 2\n"
             "6 got 1\n"
             "6 put 3\n"
             "7 got 2\n"
             "8 got 3\n"
             "9 run -> None\n");
}

static int priority_main(void *arg)
{
    static const int items[] = { 5, 1, 4, 1, 3 };
    (void)arg;
    for (unsigned i = 0; i < 5; i++) {
        put_now(items[i]);
    }
    list_of_gets(5);
    return 0;
}

TEST(priority)
{
    begin(UNBOUNDED, RILL_PRIORITY, priority_main);
    trace_is("0 [1,1,3,4,5]\n"
             "0 run -> None\n");
}

static int get_and_report(void *letter)
{
    const char *item = get();
    ev("%c got %s", (int)(intptr_t)letter, item);
    return 0;
}

static int priority_with_waiting_getters_main(void *arg)
{
    (void)arg;
    spawn_letter(get_and_report, 'a');
    spawn_letter(get_and_report, 'b');
    rill_sleep_ms(1);
    put_now(9);
    put_now(1);
    return rill_sleep_ms(1);
}

TEST(priority_with_waiting_getters)
{
    begin(UNBOUNDED, RILL_PRIORITY, priority_with_waiting_getters_main);
    trace_is("1 a got 1\n"
             "1 b got 9\n"
             "2 run -> None\n");
}

static int putters_fifo_main(void *arg)
{
    (void)arg;
    for (char letter = 'a'; letter <= 'd'; letter++) {
        spawn_letter(put_then_say, letter);
    }
    rill_sleep_ms(1);
    list_of_gets(1);
    rill_sleep_ms(1);
    for (int i = 0; i < 3; i++) {
        const char *item = get();
        ev("got %s", item);
        rill_sleep_ms(1);
    }
    return 0;
}

TEST(putters_fifo)
{
    begin(1, RILL_FIFO, putters_fifo_main);
    trace_is("0 a put\n"
             "1 [a]\n"
             "1 b put\n"
             "2 got b\n"
             "2 c put\n"
             "3 got c\n"
             "3 d put\n"
             "4 got d\n"
             "5 run -> None\n");
}

static int put_seven(void *arg)
{
    (void)arg;
    return put_now(7);
}

// A put at the very millisecond of the get's time-out: the item is returned or still queued.
static int race_timeout_and_put_main(void *arg)
{
    static rill_timer_t timer = RILL_TIMER_INIT;
    (void)arg;
    rill_call_later(rill_loop_running(), &timer, RILL_MS(5), put_seven, NULL);
    for (int i = 0; i < 2; i++) {
        const char *item = get_within_5();
        ev("%s size %u", item, rill_queue_size(&queue));
    }
    return 0;
}

TEST(race_timeout_and_put)
{
    begin(UNBOUNDED, RILL_FIFO, race_timeout_and_put_main);
    trace_is("5 ETIMEDOUT size 1\n"
             "5 7 size 0\n"
             "5 run -> None\n");
}

static int produce(void *number)
{
    int item = (int)(intptr_t)number;
    int code = rill_queue_put(&queue, &item);
    ev("P%d put %d", item, item);
    return code;
}

static int consume(void *number)
{
    while (!rill_queue_empty(&queue)) {
        int item = 0;
        rill_queue_get(&queue, &item);
        rill_sleep_ms((uint32_t)item);
        ev("C%d ate %d", (int)(intptr_t)number, item);
    }
    return 0;
}

// Six producers, two consumers that leave when the queue looks empty.
static int seed_producer_consumer_main(void *arg)
{
    static rill_awaitable_t all[8];
    (void)arg;
    EMPTY(all);
    for (intptr_t i = 0; i < 6; i++) {
        all[i].future = spawn_future(produce, (void *)i);
    }
    for (intptr_t i = 0; i < 2; i++) {
        all[6 + i].future = spawn_future(consume, (void *)i);
    }
    return rill_gather(all, 8, 0);
}

TEST(seed_producer_consumer)
{
    begin(3, RILL_FIFO, seed_producer_consumer_main);
    trace_is("0 P0 put 0\n"
             "0 P1 put 1\n"
             "0 P2 put 2\n"
             "0 P3 put 3\n"
             "0 C0 ate 0\n"
             "0 P4 put 4\n"
             "0 P5 put 5\n"
             "1 C1 ate 1\n"
             "2 C0 ate 2\n"
             "4 C1 ate 3\n"
             "6 C0 ate 4\n"
             "9 C1 ate 5\n"
             "9 run -> None\n");
}

static int get_and_print(void *letter)
{
    const char *item = get();
    ev("%c %s", (int)(intptr_t)letter, item);
    return 0;
}

static int shutdown_empty_main(void *arg)
{
    (void)arg;
    spawn_letter(get_and_print, 'a');
    spawn_letter(get_and_print, 'b');
    rill_sleep_ms(1);
    rill_queue_shutdown(&queue, false);
    rill_sleep_ms(1);
    ev("%s", outcome(put_now(1), "None"));
    ev("%s", get_now());
    const char *item = get();
    ev("%s", item);
    return 0;
}

TEST(shutdown_empty)
{
    begin(UNBOUNDED, RILL_FIFO, shutdown_empty_main);
    trace_is("1 a ESHUTDOWN\n"
             "1 b ESHUTDOWN\n"
             "2 ESHUTDOWN\n"
             "2 ESHUTDOWN\n"
             "2 ESHUTDOWN\n"
             "2 run -> None\n");
}

static int join_and_report(void *arg)
{
    (void)arg;
    int code = rill_queue_join(&queue);
    ev("join %s", outcome(code, "None"));
    return 0;
}

static int shutdown_immediate_main(void *arg)
{
    (void)arg;
    put_now(1);
    put_now(2);
    spawn(join_and_report, NULL);
    rill_sleep_ms(1);
    rill_queue_shutdown(&queue, true);
    rill_sleep_ms(1);
    ev("%u", rill_queue_size(&queue));
    const char *item = get();
    ev("%s", item);
    return 0;
}

TEST(shutdown_immediate)
{
    begin(UNBOUNDED, RILL_FIFO, shutdown_immediate_main);
    trace_is("1 join None\n"
             "2 0\n"
             "2 ESHUTDOWN\n"
             "2 run -> None\n");
}

static int shutdown_nonempty_main(void *arg)
{
    (void)arg;
    put_now(1);
    put_now(2);
    spawn_letter(put_and_report, 'p');
    rill_sleep_ms(1);
    rill_queue_shutdown(&queue, false);
    rill_sleep_ms(1);
    for (int i = 0; i < 3; i++) {
        const char *item = get();
        ev("%s", item);
    }
    return 0;
}

TEST(shutdown_nonempty)
{
    begin(2, RILL_FIFO, shutdown_nonempty_main);
    trace_is("1 p ESHUTDOWN\n"
             "2 1\n"
             "2 2\n"
             "2 ESHUTDOWN\n"
             "2 run -> None\n");
}

static int slot_stolen_from_woken_putter_main(void *arg)
{
    (void)arg;
    put_now('x');
    spawn_letter(put_then_say, 'a');
    spawn_letter(put_then_say, 'b');
    rill_sleep_ms(1);
    ev("%s", get_now());
    put_now('y');
    rill_yield();
    ev("a must wait again, now behind b");
    for (int i = 0; i < 3; i++) {
        const char *item = get();
        ev("%s", item);
        rill_sleep_ms(1);
    }
    return 0;
}

TEST(slot_stolen_from_woken_putter)
{
    begin(1, RILL_FIFO, slot_stolen_from_woken_putter_main);
    trace_is("1 x\n"
             "1 a must wait again, now behind b\n"
             "1 y\n"
             "1 b put\n"
             "2 b\n"
             "2 a put\n"
             "3 a\n"
             "4 run -> None\n");
}

static int timeout_get_main(void *arg)
{
    (void)arg;
    const char *item = get_within_5();
    ev("%s", item);
    put_now(1);
    item = get_within_5();
    ev("%s", item);
    return 0;
}

TEST(timeout_get)
{
    begin(UNBOUNDED, RILL_FIFO, timeout_get_main);
    trace_is("5 ETIMEDOUT\n"
             "5 1\n"
             "5 run -> None\n");
}

TEST_MAIN("queue", TEST_CASE(cancel_putter), TEST_CASE(cancel_woken_putter), TEST_CASE(fifo_unbounded_put_never_blocks),
          TEST_CASE(join_task_done), TEST_CASE(lifo), TEST_CASE(maxsize_blocks_producer), TEST_CASE(priority),
          TEST_CASE(priority_with_waiting_getters), TEST_CASE(putters_fifo), TEST_CASE(race_timeout_and_put),
          TEST_CASE(seed_producer_consumer), TEST_CASE(shutdown_empty), TEST_CASE(shutdown_immediate),
          TEST_CASE(shutdown_nonempty), TEST_CASE(slot_stolen_from_woken_putter), TEST_CASE(timeout_get))
