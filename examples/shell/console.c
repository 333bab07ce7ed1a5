// A line editor over the UART: two tasks may read keys (the editor, or the watch while a command runs), all may print.
#include "shell.h"

#include <rill/board.h>
#include <rill/uart.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { CTRL_A = 1, CTRL_C = 3, CTRL_D = 4, CTRL_E = 5, CTRL_K = 11, CTRL_L = 12, CTRL_U = 21, CTRL_W = 23 };
enum { ESCAPE = 27, DELETE = 127 };

enum { OUTPUT = 128 }; // longest text of one write: it lies on the stack of whoever prints

// Keys of more than one byte.
enum { KEY_UP = 256, KEY_DOWN, KEY_RIGHT, KEY_LEFT, KEY_HOME, KEY_END, KEY_DELETE, KEY_UNKNOWN };

static const char prompt[] = "rill> ";
static const char clear[] = "\r\x1b[K"; // the line the cursor is in

RILL_UART_BUFFERS_DEFINE(console_buffers, 128, 128);

// ---- output

static bool editing;   // the prompt and a line are on the screen
static bool crlf;      // Enter arrives as CR: a terminal, which wants CR LF
static char *edited;   // the line
static unsigned length;
static unsigned cursor;

int console_start(void)
{
    return rill_uart_start(&rill_board_uart, 115200, &console_buffers);
}

int console_flush(void)
{
    return rill_uart_flush(&rill_board_uart);
}

// Printing is no place to be cancelled at: the text goes out whole, and the request stays for the task's next wait.
static void put(const char *text, size_t n)
{
    size_t sent = 0;
    int result = rill_uart_write(&rill_board_uart, text, n, &sent);
    if (result < 0) {
        rill_uart_write_polled(&rill_board_uart, text + sent, n - sent);
    }
    if (result == RILL_ECANCELED) {
        rill_task_cancel(rill_task_current());
    }
}

static void put_text(const char *text)
{
    put(text, strlen(text));
}

// Makes "\n" the line end the other side uses, in place; returns the new length.
static size_t fix_line_ends(char *text, size_t n, size_t size)
{
    for (size_t i = 0; crlf && i < n && n < size; i++) { // bound: the text
        if (text[i] == '\n') {
            memmove(text + i + 1, text + i, n - i);
            text[i++] = '\r';
            n++;
        }
    }
    return n;
}

// Redraws the line and puts the cursor where it belongs. In one write, so nobody prints in between.
static void redraw_with(char *out, size_t size)
{
    int n = snprintf(out, size, "\r\x1b[K%s%s", prompt, edited);
    if (cursor < length) {
        n += snprintf(out + n, size - (size_t)n, "\x1b[%uD", length - cursor);
    }
    put(out, (size_t)n);
}

static void redraw(void)
{
    char out[OUTPUT];
    redraw_with(out, sizeof out);
}

// One write, so that lines of two tasks are not mixed; while a line is being typed, above it.
void say(const char *format, ...)
{
    char out[OUTPUT];
    size_t n = editing ? sizeof clear - 1 : 0;
    memcpy(out, clear, n);
    va_list args;
    va_start(args, format);
    int wanted = vsnprintf(out + n, sizeof out - n, format, args);
    va_end(args);
    n += (size_t)wanted < sizeof out - n ? (size_t)wanted : sizeof out - n - 1;
    put(out, fix_line_ends(out, n, sizeof out));
    if (editing) {
        redraw_with(out, sizeof out);
    }
}

// ---- keys

// What was typed while a command ran.
static uint8_t ahead[64];
static unsigned ahead_in;
static unsigned ahead_out;

static int read_byte(void)
{
    if (ahead_out != ahead_in) {
        return ahead[ahead_out++ % sizeof ahead];
    }
    uint8_t byte;
    int result = rill_uart_read(&rill_board_uart, &byte, 1);
    return result < 0 ? result : byte;
}

int console_watch(void *task)
{
    while (ahead_in - ahead_out < sizeof ahead) {
        uint8_t byte;
        int result = rill_uart_read(&rill_board_uart, &byte, 1);
        if (result < 0) {
            return result;
        }
        if (byte == CTRL_C) {
            rill_task_cancel(*(rill_task_t *)task);
        } else {
            ahead[ahead_in++ % sizeof ahead] = byte;
        }
    }
    return RILL_OK;
}

// ESC [ letter, ESC O letter, ESC [ number ~.
static int read_escape(void)
{
    static const char letters[] = "ABCDHF";
    int byte = read_byte();
    if (byte != '[' && byte != 'O') {
        return byte < 0 ? byte : KEY_UNKNOWN;
    }
    int number = 0;
    for (byte = read_byte(); byte >= '0' && byte <= ';'; byte = read_byte()) {
        number = byte;
    }
    const char *letter = byte > 0 ? strchr(letters, byte) : NULL;
    if (letter != NULL) {
        return KEY_UP + (int)(letter - letters);
    }
    if (byte != '~') {
        return byte < 0 ? byte : KEY_UNKNOWN;
    }
    return number == '3' ? KEY_DELETE : number == '1' || number == '7' ? KEY_HOME
                                    : number == '4' || number == '8' ? KEY_END
                                                                     : KEY_UNKNOWN;
}

static int read_key(void)
{
    int byte = read_byte();
    return byte == ESCAPE ? read_escape() : byte;
}

// ---- history

static char history[SHELL_HISTORY][SHELL_LINE];
static unsigned history_count; // lines ever entered
static unsigned history_at;    // the one shown; history_count: the new line

static void remember(const char *line)
{
    const char *last = history[(history_count + SHELL_HISTORY - 1) % SHELL_HISTORY];
    if (*line != '\0' && (history_count == 0 || strcmp(last, line) != 0)) {
        strcpy(history[history_count++ % SHELL_HISTORY], line);
    }
}

static void recall(unsigned number)
{
    unsigned oldest = history_count > SHELL_HISTORY ? history_count - SHELL_HISTORY : 0;
    if (number < oldest || number > history_count) {
        return;
    }
    history_at = number;
    strcpy(edited, number == history_count ? "" : history[number % SHELL_HISTORY]);
    length = cursor = (unsigned)strlen(edited);
    redraw();
}

void console_history(void)
{
    unsigned n = history_count > SHELL_HISTORY ? history_count - SHELL_HISTORY : 0;
    for (; n < history_count; n++) {
        say("%3u  %s\n", n + 1, history[n % SHELL_HISTORY]);
    }
}

// ---- editing

static void insert(char c)
{
    if (length == SHELL_LINE - 1) {
        put_text("\a");
        return;
    }
    memmove(edited + cursor + 1, edited + cursor, length - cursor);
    edited[cursor++] = c;
    edited[++length] = '\0';
    if (cursor == length) {
        put(&c, 1);
    } else {
        redraw();
    }
}

static void erase(unsigned from, unsigned to)
{
    memmove(edited + from, edited + to, length - to);
    length -= to - from;
    edited[length] = '\0';
    cursor = from;
    redraw();
}

static void backspace(void)
{
    if (cursor == 0) {
        return;
    }
    if (cursor < length) {
        erase(cursor - 1, cursor);
        return;
    }
    edited[--length] = '\0';
    cursor--;
    put_text("\b \b");
}

static unsigned word_start(void)
{
    unsigned at = cursor;
    while (at > 0 && edited[at - 1] == ' ') {
        at--;
    }
    while (at > 0 && edited[at - 1] != ' ') {
        at--;
    }
    return at;
}

// Completes the command's name if only one begins so.
static void complete(void)
{
    const char *match = NULL;
    for (unsigned i = 0; i < shell_command_count; i++) {
        if (cursor == length && strncmp(shell_commands[i].name, edited, length) == 0) {
            if (match != NULL) {
                return;
            }
            match = shell_commands[i].name;
        }
    }
    if (match != NULL) {
        for (match += length; *match != '\0'; match++) {
            insert(*match);
        }
        insert(' ');
    }
}

static void move(unsigned to)
{
    cursor = to;
    redraw();
}

static void edit_control(int key)
{
    switch (key) {
    case CTRL_K: erase(cursor, length); break;
    case CTRL_U: erase(0, cursor); break;
    case CTRL_W: erase(word_start(), cursor); break;
    case CTRL_L: put_text("\x1b[H\x1b[2J"); redraw(); break;
    case KEY_DELETE:
    case CTRL_D: erase(cursor, cursor < length ? cursor + 1 : length); break;
    case '\b':
    case DELETE: backspace(); break;
    case '\t': complete(); break;
    case CTRL_C: put_text("^C"); erase(0, length); break;
    default: break;
    }
}

static void edit_key(int key)
{
    switch (key) {
    case KEY_UP: recall(history_at - (history_at > 0)); break;
    case KEY_DOWN: recall(history_at + 1); break;
    case KEY_LEFT: move(cursor - (cursor > 0)); break;
    case KEY_RIGHT: move(cursor + (cursor < length)); break;
    case CTRL_A:
    case KEY_HOME: move(0); break;
    case CTRL_E:
    case KEY_END: move(length); break;
    default:
        if (key >= ' ' && key < DELETE) {
            insert((char)key);
        } else {
            edit_control(key);
        }
    }
}

static bool ends_line(int key)
{
    static bool after_cr;
    bool second = after_cr && key == '\n'; // of CR LF
    after_cr = key == '\r';
    crlf = crlf || after_cr;
    return (key == '\r' || key == '\n') && !second;
}

static void begin_line(char *line)
{
    edited = line;
    *line = '\0';
    length = cursor = 0;
    history_at = history_count;
    editing = true;
    put_text(prompt);
}

static int finish_line(int result)
{
    editing = false;
    say("\n");
    if (result == RILL_OK) {
        remember(edited);
    }
    return result;
}

int console_line(char *line)
{
    begin_line(line);
    for (;;) { // bound: the user
        int key = read_key();
        if (key < 0) {
            return finish_line(key);
        }
        if (ends_line(key)) {
            return finish_line(RILL_OK);
        }
        if (key == CTRL_D && length == 0) {
            return finish_line(RILL_ENODATA);
        }
        edit_key(key);
    }
}
