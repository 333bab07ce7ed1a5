// Queue elements of odd sizes and alignments, all three orders, against plain arrays as models.
#include <rill/queue.h>

#include "test.h"

struct odd { // 7 bytes, no alignment
    unsigned char bytes[7];
};

struct wide {
    uint64_t key;
    uint32_t sequence;
    char tag;
};

RILL_QUEUE_DEFINE(odd_fifo, struct odd, 5);
RILL_LIFO_QUEUE_DEFINE(byte_lifo, unsigned char, 3);

static bool wide_before(const void *a, const void *b)
{
    return ((const struct wide *)a)->key < ((const struct wide *)b)->key;
}

RILL_PRIORITY_QUEUE_DEFINE(wide_heap, struct wide, 31, wide_before);

static uint32_t random_state;

static uint32_t next_random(void)
{
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 8;
}

static struct odd numbered(unsigned n)
{
    struct odd item;
    for (unsigned i = 0; i < sizeof item.bytes; i++) {
        item.bytes[i] = (unsigned char)(n * 7 + i);
    }
    return item;
}

// Through unaligned memory, with bytes around it that must stay as they are.
TEST(odd_size_unaligned)
{
    unsigned char frame[sizeof(struct odd) + 2];
    unsigned put = 0;
    unsigned got = 0;
    for (int round = 0; round < 40; round++) {
        while (!rill_queue_full(&odd_fifo)) {
            struct odd item = numbered(put++);
            memcpy(frame + 1, &item, sizeof item);
            CHECK_EQ(rill_queue_put_nowait(&odd_fifo, frame + 1), 0);
        }
        for (unsigned n = next_random() % 5 + 1; n > 0; n--) {
            struct odd expected = numbered(got++);
            memset(frame, 0x5a, sizeof frame);
            CHECK_EQ(rill_queue_get_nowait(&odd_fifo, frame + 1), 0);
            CHECK(memcmp(frame + 1, &expected, sizeof expected) == 0);
            CHECK(frame[0] == 0x5a && frame[sizeof frame - 1] == 0x5a);
        }
    }
    CHECK_EQ(rill_queue_size(&odd_fifo), put - got);
}

TEST(bytes_last_in_first_out)
{
    for (unsigned char c = 'a'; c <= 'c'; c++) {
        CHECK_EQ(rill_queue_put_nowait(&byte_lifo, &c), 0);
    }
    unsigned char c = 'd';
    CHECK_EQ(rill_queue_put_nowait(&byte_lifo, &c), RILL_EQFULL);
    for (unsigned char expected = 'c'; expected >= 'a'; expected--) {
        CHECK_EQ(rill_queue_get_nowait(&byte_lifo, &c), 0);
        CHECK_EQ(c, expected);
    }
    CHECK_EQ(rill_queue_get_nowait(&byte_lifo, &c), RILL_EQEMPTY);
}

// Model: an unordered array searched for its smallest key. Elements must come out whole.
TEST(priority_against_a_model)
{
    static struct wide model[31];
    unsigned count = 0;
    for (uint32_t step = 0; step < 600; step++) {
        bool put = count == 0 || (count < 31 && next_random() % 2 == 0);
        if (put) {
            struct wide item = { ((uint64_t)(next_random() % 16) << 32) | 1, step, (char)('A' + step % 26) };
            model[count++] = item;
            CHECK_EQ(rill_queue_put_nowait(&wide_heap, &item), 0);
            continue;
        }
        struct wide item;
        unsigned at = 0;
        CHECK_EQ(rill_queue_get_nowait(&wide_heap, &item), 0);
        uint64_t smallest = UINT64_MAX;
        for (unsigned i = 0; i < count; i++) {
            smallest = model[i].key < smallest ? model[i].key : smallest;
            at = model[i].sequence == item.sequence ? i : at;
        }
        CHECK_EQ(item.key, smallest);
        CHECK(model[at].sequence == item.sequence && model[at].key == item.key && model[at].tag == item.tag);
        model[at] = model[--count];
    }
    CHECK_EQ(rill_queue_size(&wide_heap), count);
}

// The heap of Python's heapq, element for element: equal keys leave in the same order there.
TEST(equal_priorities_as_heapq)
{
    static const char keys[] = "31415926535897932384626433832795";
    char order[sizeof keys * 2] = "";
    size_t length = 0;
    struct wide item;
    while (rill_queue_get_nowait(&wide_heap, &item) == 0) {
    }
    for (uint32_t i = 0; i < 24; i++) {
        item = (struct wide){ (uint64_t)(keys[i] - '0'), i, (char)('a' + i) };
        CHECK_EQ(rill_queue_put_nowait(&wide_heap, &item), 0);
    }
    while (rill_queue_get_nowait(&wide_heap, &item) == 0) {
        order[length++] = item.tag;
    }
    order[length] = '\0';
    CHECK(strcmp(order, "bdgvqjrapcxtkeiwhunslofm") == 0);
}

// What a dump shows: oldest first in a FIFO that has wrapped and in a LIFO, the heap's own order with the next one
// first.
TEST(items_where_they_lie)
{
    struct odd odd;
    struct wide wide;
    unsigned char byte;
    static struct { uint8_t before; struct odd item; uint8_t after; } framed = { 1, { { 0 } }, 1 };
    CHECK_EQ(rill_queue_maxsize(&odd_fifo), 5);
    while (rill_queue_get_nowait(&odd_fifo, &odd) == 0 || rill_queue_get_nowait(&byte_lifo, &byte) == 0 ||
           rill_queue_get_nowait(&wide_heap, &wide) == 0) {
    }
    for (unsigned n = 0; n < 8; n++) { // wherever the head is, it passes the end of the storage
        odd = numbered(n);
        CHECK_EQ(rill_queue_put_nowait(&odd_fifo, &odd), 0);
        for (unsigned i = 0; i < rill_queue_size(&odd_fifo); i++) {
            struct odd expected = numbered(n + 1 - rill_queue_size(&odd_fifo) + i);
            CHECK_EQ(rill_queue_item(&odd_fifo, i, &framed.item), 0);
            CHECK(memcmp(&framed.item, &expected, sizeof expected) == 0);
            CHECK(framed.before == 1 && framed.after == 1);
        }
        if (n >= 3) {
            CHECK_EQ(rill_queue_get_nowait(&odd_fifo, &odd), 0);
        }
    }
    CHECK_EQ(rill_queue_size(&odd_fifo), 3);
    for (unsigned char c = 'a'; c <= 'c'; c++) {
        CHECK_EQ(rill_queue_put_nowait(&byte_lifo, &c), 0);
    }
    CHECK(rill_queue_item(&byte_lifo, 0, &byte) == 0 && byte == 'a');
    CHECK(rill_queue_item(&byte_lifo, 2, &byte) == 0 && byte == 'c');
    for (unsigned i = 0; i < 5; i++) {
        wide = (struct wide){ .key = (7 * i + 3) % 5, .sequence = i };
        CHECK_EQ(rill_queue_put_nowait(&wide_heap, &wide), 0);
    }
    CHECK(rill_queue_item(&wide_heap, 0, &wide) == 0 && wide.key == 0);
    CHECK_EQ(rill_queue_item(&wide_heap, 5, &wide), RILL_ENOENT);
    CHECK_EQ(rill_queue_size(&wide_heap), 5); // all still there
    CHECK_EQ(rill_queue_item(&wide_heap, 0, NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_item(NULL, 0, &wide), RILL_EINVAL);
    CHECK_EQ(rill_queue_maxsize(NULL), 0);
}

TEST_MAIN("queue_elements", TEST_CASE(odd_size_unaligned), TEST_CASE(bytes_last_in_first_out),
          TEST_CASE(priority_against_a_model), TEST_CASE(equal_priorities_as_heapq),
          TEST_CASE(items_where_they_lie))
