// What every image has: vectors, start-up code, the board.
int main(void)
{
    return 0;
}
