// newlib's struct _reent per task, for programs that link with --wrap=rill_arch_switch: each thread of control keeps
// its _impure_ptr in the frame in which it is suspended, and a new one begins with newlib's global structure.
#include <rill/libc.h>
#include <rill/types.h>

#include <reent.h>
#include <stdio.h>

int __real_rill_arch_switch(int told, struct rill_node *from, struct rill_node *to);
int __wrap_rill_arch_switch(int told, struct rill_node *from, struct rill_node *to);

int __wrap_rill_arch_switch(int told, struct rill_node *from, struct rill_node *to)
{
    struct _reent *own = _impure_ptr;
    _impure_ptr = _GLOBAL_REENT;
    told = __real_rill_arch_switch(told, from, to);
    _impure_ptr = own;
    return told;
}

// newlib gives back nothing of the three streams. Their descriptors are everybody's and stay open.
static void drop(struct _reent *reent, FILE *stream)
{
    _fflush_r(reent, stream);
    stream->_close = NULL;
    _fclose_r(reent, stream);
}

struct _reent *rill_reent_enter(struct _reent *reent)
{
    struct _reent *previous = _impure_ptr;
    _REENT_INIT_PTR(reent);
    _impure_ptr = reent;
    return previous;
}

void rill_reent_leave(struct _reent *previous)
{
    struct _reent *reent = _impure_ptr;
    if (reent->__sdidinit) {
        drop(reent, reent->_stdin);
        drop(reent, reent->_stdout);
        drop(reent, reent->_stderr);
    }
    _impure_ptr = previous;
    _reclaim_reent(reent);
}
