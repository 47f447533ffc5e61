#pragma once
#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/// Waits until `fd` is readable, at most `nanoseconds` (negative: for ever). ppoll, because epoll_wait only knows
/// milliseconds; called by number, because its declaration is hidden without _GNU_SOURCE.
static inline int clinux_wait(int fd, int64_t nanoseconds) {
    struct pollfd entry = {.fd = fd, .events = POLLIN, .revents = 0};
    struct timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    return (int)syscall(SYS_ppoll, &entry, 1, nanoseconds < 0 ? (struct timespec *)0 : &time, (void *)0, (size_t)0);
}

/// Adds a descriptor to an epoll set; `tag` comes back when it is readable. The union in epoll_event is awkward in Swift.
static inline int clinux_epoll_add(int set, int fd, uint64_t tag) {
    struct epoll_event event = {.events = EPOLLIN, .data = {.u64 = tag}};
    return epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
}

static inline int clinux_epoll_remove(int set, int fd) {
    return epoll_ctl(set, EPOLL_CTL_DEL, fd, (struct epoll_event *)0);
}

static inline uint64_t clinux_epoll_tag(const struct epoll_event *event) { return event->data.u64; }

/// Names the calling thread, as below.
static inline void clinux_name_thread(const char *name) { prctl(PR_SET_NAME, (unsigned long)name, 0, 0, 0); }

/// Names the calling thread (at most 15 characters) for `top -H` and `ps`, and asks for exact timers (prctl is variadic).
static inline void clinux_become_timed_thread(const char *name) {
    prctl(PR_SET_NAME, (unsigned long)name, 0, 0, 0);
    prctl(PR_SET_TIMERSLACK, 1000UL, 0, 0, 0);
}

/// Blocks until everything that was written to the file system of `fd` is on its disk (syncfs; hidden as ppoll is).
static inline int clinux_sync_filesystem(int fd) { return (int)syscall(SYS_syncfs, fd); }

/// Asks the processor to have the memory at hand soon, without waiting for it. Any address is harmless.
static inline void clinux_prefetch(const void *address) { __builtin_prefetch(address); }
