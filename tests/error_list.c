// rill-test: min-ram=16
// Error lists: looked through and split as `except*` does, nested ones too.
#include <rill/group.h>

#include "beyond.h"

#define E(n) (RILL_EUSER - (n))

static rill_group_error_t items[3][4];
static rill_error_list_t inner, outer, matched;

static void put(rill_error_list_t *list, int error, rill_value_t detail)
{
    list->items[list->count++] = (rill_group_error_t){ .error = error, .detail = detail };
}

// [E1, [E1, E2], E2]
static void begin(void)
{
    inner = (rill_error_list_t)RILL_ERROR_LIST_INIT(items[0]);
    outer = (rill_error_list_t)RILL_ERROR_LIST_INIT(items[1]);
    matched = (rill_error_list_t)RILL_ERROR_LIST_INIT(items[2]);
    put(&inner, E(1), 11);
    put(&inner, E(2), 12);
    put(&outer, E(1), 1);
    put(&outer, RILL_EGROUP, (rill_value_t)&inner);
    put(&outer, E(2), 2);
}

TEST(split_takes_nested_ones)
{
    begin();
    CHECK_EQ(rill_error_list_split(&outer, E(1), &matched), 2);
    CHECK(matched.count == 2 && matched.items[0].detail == 1 && matched.items[1].detail == 11);
    CHECK(outer.count == 2 && outer.items[0].error == RILL_EGROUP && outer.items[1].error == E(2));
    CHECK(inner.count == 1 && inner.items[0].error == E(2));
    CHECK_EQ(rill_error_list_split(&outer, E(2), &matched), 2);
    CHECK(outer.count == 0 && inner.count == 0); // an empty group is no error
    CHECK(matched.count == 4 && matched.items[2].detail == 12 && matched.items[3].detail == 2);
}

TEST(split_of_what_is_not_there)
{
    begin();
    CHECK_EQ(rill_error_list_split(&outer, E(3), &matched), 0);
    CHECK(outer.count == 3 && inner.count == 2 && matched.count == 0);
    CHECK_EQ(rill_error_list_split(NULL, E(1), &matched), RILL_EINVAL);
    CHECK_EQ(rill_error_list_split(&outer, E(1), &outer), RILL_EINVAL);
    CHECK_EQ(outer.count, 3);
    CHECK_EQ(rill_error_list_split(&outer, RILL_EGROUP, NULL), 1); // the nested group as a whole
    CHECK(outer.count == 2 && inner.count == 2);
}

TEST(a_full_list_counts_what_is_lost)
{
    begin();
    matched.capacity = 1;
    CHECK_EQ(rill_error_list_split(&outer, E(2), &matched), 2);
    CHECK(matched.count == 1 && matched.items[0].detail == 12 && matched.dropped == 1);
    CHECK(outer.count == 2 && inner.count == 1);
}

// A nested list that lost entries for want of room is not empty when the others are taken out.
TEST(dropped_errors_stay)
{
    begin();
    inner.dropped = 1;
    CHECK_EQ(rill_error_list_split(&outer, E(1), NULL), 2);
    CHECK_EQ(rill_error_list_split(&outer, E(2), NULL), 2);
    CHECK(outer.count == 1 && outer.items[0].error == RILL_EGROUP && inner.count == 0);
}

static int fail(void *code)
{
    return (int)(intptr_t)code;
}

// try: a group fails with E1 and E2; except* E1: pass
static int handles_one(void *arg)
{
    rill_error_list_t *errors_ = arg;
    rill_group_t group = RILL_GROUP_INIT(errors_);
    int rc = rill_group_begin(&group);
    rc = rc < 0 ? rc : rill_group_spawn(&group, &pool, fail, (void *)(intptr_t)E(1), NULL);
    rc = rc < 0 ? rc : rill_group_spawn(&group, &pool, fail, (void *)(intptr_t)E(2), NULL);
    rc = rill_group_end(&group, rc);
    CHECK_EQ(rc, RILL_EGROUP);
    CHECK_EQ(rill_error_list_split(errors_, E(1), NULL), 1);
    return errors_->count > 0 ? rill_error_list_raise(errors_) : RILL_OK;
}

static int awaits_the_rest(void *arg)
{
    rill_value_t detail = 0;
    (void)arg;
    outer = (rill_error_list_t)RILL_ERROR_LIST_INIT(items[1]);
    rill_task_t task = spawn(handles_one, &outer);
    CHECK_EQ(rill_await(rill_task_future(task), NULL), RILL_EGROUP);
    CHECK_EQ(rill_future_exception(rill_task_future(task), &detail), RILL_EGROUP);
    const rill_error_list_t *rest = (const rill_error_list_t *)detail;
    CHECK(rest == &outer && rest->count == 1 && rest->items[0].error == E(2));
    return rill_detach(task);
}

TEST(the_rest_goes_on)
{
    CHECK_EQ(run(awaits_the_rest), 0);
}

TEST_MAIN("error_list", TEST_CASE(split_takes_nested_ones), TEST_CASE(split_of_what_is_not_there),
          TEST_CASE(a_full_list_counts_what_is_lost), TEST_CASE(dropped_errors_stay), TEST_CASE(the_rest_goes_on))
