// The documents' AsyncSession over a network in memory: begin connects and asks for the page, end closes. A page
// has its server's latency.
#ifndef SESSION_H
#define SESSION_H

#include "document.h"

#include <rill/scope.h>

struct page {
    const char *url;
    unsigned latency; // ms
    const char *html;
};

// The documents' addresses, with pages made up for the purpose: nothing here goes out.
static struct page pages[] = {
    { "https://www.baidu.com", 300, "<!DOCTYPE html><!--STATUS OK--><html>" },
    { "https://duoke360.com", 100, "<html>\n<head><title>301 Moved Permanently" },
    { "https://liwenzhou.com", 200, "<!DOCTYPE html>\n<html lang=\"zh\">" },
    { "https://www.python.org/", 150, "<!doctype html>\n<!--[if lt IE 7]>" },
};

struct session {
    const struct page *page;
    const char *html;
};

static inline int session_begin(void *arg)
{
    struct session *session = arg;
    int error = rill_sleep_ms(session->page->latency);
    if (error == RILL_OK) {
        session->html = session->page->html;
    }
    return error;
}

static inline int session_end(void *arg, int code)
{
    struct session *session = arg;
    int error = rill_sleep_ms(1); // the connection's last words
    session->html = NULL;
    return code != RILL_OK ? code : error;
}

// The task "chech": its result is the page, the text is printed by print_page.
static inline int check(void *arg)
{
    struct session session = { .page = arg };
    rill_value_t result = 0;
    int rc;
    RILL_WITH(&session, session_begin, session_end, rc)
    {
        result = (rill_value_t)session.page;
    }
    return rc == RILL_OK ? rill_return(result) : rc;
}

// text[:n]
static inline void print_start(const char *text, int n)
{
    for (int i = 0; i < n && text[i] != '\0'; i++) {
        putchar(text[i]);
    }
}

// html[:16].strip()
static inline void print_page(rill_value_t result)
{
    const struct page *page = (const struct page *)result;
    int end = 16;
    while (end > 0 && (unsigned char)page->html[end - 1] <= ' ') {
        end--;
    }
    printf("url: %s, html: ", page->url);
    print_start(page->html, end);
    printf("\n");
}

#endif
