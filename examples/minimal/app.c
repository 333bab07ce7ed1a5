#include <rill/task.h>
#include <stdio.h>

RILL_TASK_DEFINE(memory, sizeof(void *) == 8 ? 16384 : 768); // the printf of a PC needs more

static int hello(void *name)
{
    for (int i = 1; i <= 3; i++) {
        printf("hello %s, %d\n", (const char *)name, i);
        rill_sleep_ms(100);
    }
    return 0;
}

int main(void)
{
    return rill_run(&memory, hello, "world", NULL);
}
