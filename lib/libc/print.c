// printf and its kin: integers, strings, characters, pointers; flags, width, precision and lengths as in C11.
//
// Text is made in a small buffer and goes on when that is full: to the console, under one lock for the whole call, or
// to the caller's memory. Nothing is allocated, and the stack needed does not depend on the format.
#include "console.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { CHUNK = 40 };

// Where the text goes.
typedef struct sink {
    char *at;
    char *end;    // of the room
    size_t total; // characters so far, those without room included
    console_text_t *console; // NULL: memory
    char *chunk;
} sink_t;

// One conversion.
typedef struct spec {
    bool left, plus, space, alternate, zero;
    int width;
    int precision; // -1: none
    char length;   // 'h', 'l', 'z', ..., 'H' for hh, 'L' for ll
    char conversion;
} spec_t;

static void flush(sink_t *sink)
{
    console_put(sink->console, sink->chunk, (size_t)(sink->at - sink->chunk));
    sink->at = sink->chunk;
}

static void put(sink_t *sink, char c)
{
    sink->total++;
    if (sink->at == sink->end && sink->console != NULL) {
        flush(sink);
    }
    if (sink->at != sink->end) {
        *sink->at++ = c;
    }
}

static void put_n(sink_t *sink, const char *text, size_t n)
{
    while (n-- > 0) {
        put(sink, *text++);
    }
}

static void pad(sink_t *sink, char c, int n)
{
    while (n-- > 0) {
        put(sink, c);
    }
}

// ---- the parts of a conversion

static const char *parse_flags(spec_t *spec, const char *format)
{
    for (;; format++) { // bound: the format
        switch (*format) {
        case '-': spec->left = true; break;
        case '+': spec->plus = true; break;
        case ' ': spec->space = true; break;
        case '#': spec->alternate = true; break;
        case '0': spec->zero = true; break;
        default: return format;
        }
    }
}

static const char *parse_number(const char *format, int *number, va_list *args)
{
    if (*format == '*') {
        *number = va_arg(*args, int);
        return format + 1;
    }
    for (*number = 0; *format >= '0' && *format <= '9'; format++) { // bound: the format
        *number = *number < 10000 ? *number * 10 + (*format - '0') : *number;
    }
    return format;
}

static const char *parse_length(spec_t *spec, const char *format)
{
    if (*format != '\0' && strchr("hlzjt", *format) != NULL) {
        spec->length = *format++;
        if (*format == spec->length) { // hh, ll
            spec->length = (char)(*format++ - 'a' + 'A');
        }
    }
    return format;
}

static const char *parse(spec_t *spec, const char *format, va_list *args)
{
    *spec = (spec_t){ .precision = -1 };
    format = parse_flags(spec, format);
    format = parse_number(format, &spec->width, args);
    if (spec->width < 0) {
        spec->left = true;
        spec->width = -spec->width;
    }
    if (*format == '.') {
        format = parse_number(format + 1, &spec->precision, args);
    }
    format = parse_length(spec, format);
    spec->conversion = *format;
    return *format != '\0' ? format + 1 : format;
}

// ---- numbers

static intmax_t signed_argument(const spec_t *spec, va_list *args)
{
    switch (spec->length) {
    case 'l': return va_arg(*args, long);
    case 'L': return va_arg(*args, long long);
    case 'j': return va_arg(*args, intmax_t);
    case 'z':
    case 't': return va_arg(*args, ptrdiff_t);
    case 'h': return (short)va_arg(*args, int);
    case 'H': return (signed char)va_arg(*args, int);
    default: return va_arg(*args, int);
    }
}

static uintmax_t unsigned_argument(const spec_t *spec, va_list *args)
{
    switch (spec->length) {
    case 'l': return va_arg(*args, unsigned long);
    case 'L': return va_arg(*args, unsigned long long);
    case 'j': return va_arg(*args, uintmax_t);
    case 'z':
    case 't': return va_arg(*args, size_t);
    case 'h': return (unsigned short)va_arg(*args, unsigned);
    case 'H': return (unsigned char)va_arg(*args, unsigned);
    default: return va_arg(*args, unsigned);
    }
}

// Digits, the last one at `end`; returns the first. 32-bit machines divide long numbers only while they are long.
static char *digits_of(char *end, uintmax_t number, unsigned base, char ten)
{
    for (; number > UINTPTR_MAX; number /= base) { // bound: 22 digits
        unsigned digit = (unsigned)(number % base);
        *--end = (char)(digit < 10 ? '0' + digit : (unsigned)ten + digit - 10);
    }
    for (uintptr_t rest = (uintptr_t)number; rest != 0; rest /= base) { // bound: 22 digits
        unsigned digit = (unsigned)(rest % base);
        *--end = (char)(digit < 10 ? '0' + digit : (unsigned)ten + digit - 10);
    }
    return end;
}

static void put_number(sink_t *sink, const spec_t *spec, uintmax_t number, const char *prefix)
{
    char digits[22]; // 64 bits in octal
    char *end = digits + sizeof digits;
    unsigned base = spec->conversion == 'o' ? 8 : spec->conversion == 'd' || spec->conversion == 'u' ? 10 : 16;
    char *first = digits_of(end, number, base, spec->conversion == 'X' ? 'A' : 'a');
    int n = (int)(end - first);
    int zeros = (spec->precision < 0 ? 1 : spec->precision) - n;
    if (base == 8 && spec->alternate && zeros < 1) {
        zeros = 1;
    }
    zeros = zeros > 0 ? zeros : 0;
    int signs = (int)strlen(prefix);
    int spaces = spec->width - n - zeros - signs;
    if (spec->zero && !spec->left && spec->precision < 0 && spaces > 0) {
        zeros += spaces;
        spaces = 0;
    }
    pad(sink, ' ', spec->left ? 0 : spaces);
    put_n(sink, prefix, (size_t)signs);
    pad(sink, '0', zeros);
    put_n(sink, first, (size_t)n);
    pad(sink, ' ', spec->left ? spaces : 0);
}

static void put_signed(sink_t *sink, spec_t *spec, va_list *args)
{
    intmax_t number = signed_argument(spec, args);
    const char *sign = number < 0 ? "-" : spec->plus ? "+" : spec->space ? " " : "";
    spec->conversion = 'd';
    put_number(sink, spec, number < 0 ? -(uintmax_t)number : (uintmax_t)number, sign);
}

static void put_unsigned(sink_t *sink, const spec_t *spec, va_list *args)
{
    uintmax_t number = unsigned_argument(spec, args);
    bool hex = spec->conversion == 'x' || spec->conversion == 'X';
    bool marked = hex && spec->alternate && number != 0;
    put_number(sink, spec, number, !marked ? "" : spec->conversion == 'x' ? "0x" : "0X");
}

// ---- text

static void put_padded(sink_t *sink, const spec_t *spec, const char *text, size_t n)
{
    int spaces = spec->width - (int)n;
    pad(sink, ' ', spec->left ? 0 : spaces);
    put_n(sink, text, n);
    pad(sink, ' ', spec->left ? spaces : 0);
}

static void put_string(sink_t *sink, const spec_t *spec, const char *text)
{
    size_t n = 0;
    text = text != NULL ? text : "(null)";
    while ((spec->precision < 0 || n < (size_t)spec->precision) && text[n] != '\0') { // bound: the text
        n++;
    }
    put_padded(sink, spec, text, n);
}

static void convert(sink_t *sink, spec_t *spec, va_list *args)
{
    char c;
    switch (spec->conversion) {
    case 'd':
    case 'i': put_signed(sink, spec, args); break;
    case 'u':
    case 'o':
    case 'x':
    case 'X': put_unsigned(sink, spec, args); break;
    case 'p': put_number(sink, spec, (uintptr_t)va_arg(*args, void *), "0x"); break;
    case 's': put_string(sink, spec, va_arg(*args, const char *)); break;
    case 'c':
        c = (char)va_arg(*args, int);
        put_padded(sink, spec, &c, 1);
        break;
    case '\0': break;
    default: put(sink, spec->conversion); break; // %%
    }
}

static void format_all(sink_t *sink, const char *format, va_list list)
{
    va_list args; // an array type on some machines: its own copy can be pointed to
    va_copy(args, list);
    while (*format != '\0') { // bound: the format
        if (*format != '%') {
            put(sink, *format++);
            continue;
        }
        spec_t spec;
        format = parse(&spec, format + 1, &args);
        convert(sink, &spec, &args);
    }
    va_end(args);
}

// ---- the C library's names

static void begin(console_text_t *text)
{
    if (console_flush_stream != NULL) {
        console_flush_stream();
    }
    console_begin(text);
}

int vprintf(const char *format, va_list args)
{
    char chunk[CHUNK];
    console_text_t text;
    sink_t sink = { chunk, chunk + sizeof chunk, 0, &text, chunk };
    begin(&text);
    format_all(&sink, format, args);
    flush(&sink);
    console_end(&text);
    return (int)sink.total;
}

int printf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vprintf(format, args);
    va_end(args);
    return n;
}

int vsnprintf(char *buffer, size_t size, const char *format, va_list args)
{
    sink_t sink = { buffer, size > 0 ? buffer + size - 1 : buffer, 0, NULL, NULL };
    format_all(&sink, format, args);
    if (size > 0) {
        *sink.at = '\0';
    }
    return (int)sink.total;
}

int snprintf(char *buffer, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(buffer, size, format, args);
    va_end(args);
    return n;
}

int vsprintf(char *buffer, const char *format, va_list args)
{
    sink_t sink = { buffer, (char *)UINTPTR_MAX, 0, NULL, NULL };
    format_all(&sink, format, args);
    *sink.at = '\0';
    return (int)sink.total;
}

int sprintf(char *buffer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsprintf(buffer, format, args);
    va_end(args);
    return n;
}

#undef putchar

int putchar(int c)
{
    char byte = (char)c;
    console_text_t text;
    begin(&text);
    console_put(&text, &byte, 1);
    console_end(&text);
    return (unsigned char)byte;
}

int puts(const char *text)
{
    console_text_t console;
    begin(&console);
    console_put(&console, text, strlen(text));
    console_put(&console, "\n", 1);
    console_end(&console);
    return 0;
}
