// rill-test: not=host | min-ram=16
// Descriptors without a heap: read and write need none, though newlib links its malloc beside them.
#include "test.h"

#include <rill/libc.h>
#include <rill/task.h>

#include <errno.h>
#include <unistd.h>

RILL_TASK_POOL_DEFINE(tasks, 1, 512 * sizeof(void *) / 4);

static int app(void *arg)
{
    char c;
    (void)arg;
    CHECK_EQ(write(STDOUT_FILENO, "# a line\n", 9), 9);
    CHECK_EQ(write(9, &c, 1), -1);
    CHECK_EQ(errno, EBADF);
    CHECK_EQ(read(STDIN_FILENO, &c, 1), -1);
    CHECK_EQ(errno, EPIPE); // nobody started the port
    CHECK_EQ(rill_errno_code(), RILL_EPIPE);
    return RILL_OK;
}

TEST(read_and_write)
{
    CHECK_EQ(rill_run(&tasks, app, NULL, NULL), 0);
}

TEST_MAIN("libc_noheap", TEST_CASE(read_and_write))
