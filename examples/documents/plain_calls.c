// Where the documents begin: two functions called one after the other. Each runs to its end; a subroutine is a
// coroutine that never yields.
#include <stdio.h>

static void func1(void)
{
    printf("1\n");
    printf("1\n");
}

static void func2(void)
{
    printf("2\n");
    printf("2\n");
}

int main(void)
{
    func1();
    func2();
    return 0;
}
