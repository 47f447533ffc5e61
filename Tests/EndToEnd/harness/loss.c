// A bad network for one program: of the datagrams that it sends as many in 1,000 are lost as the file named by LOSS says.
// Loaded before the C library (LD_PRELOAD), whose functions it stands before.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int is_lost(int socket) {
    static __thread unsigned long long state = 88172645463325252ULL;
    int kind = 0;
    socklen_t size = sizeof kind;
    if (getsockopt(socket, SOL_SOCKET, SO_TYPE, &kind, &size) != 0 || kind != SOCK_DGRAM) return 0;
    const char *name = getenv("LOSS");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return 0;
    char share[8] = {0};
    ssize_t length = read(file, share, sizeof share - 1);
    close(file);
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return length > 0 && (int)(state % 1000) < atoi(share);
}

ssize_t send(int socket, const void *bytes, size_t count, int flags) {
    ssize_t (*next)(int, const void *, size_t, int) = dlsym(RTLD_NEXT, "send");
    return is_lost(socket) ? (ssize_t)count : next(socket, bytes, count, flags);
}

ssize_t sendto(
    int socket, const void *bytes, size_t count, int flags, const struct sockaddr *address, socklen_t length) {
    ssize_t (*next)(int, const void *, size_t, int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "sendto");
    return is_lost(socket) ? (ssize_t)count : next(socket, bytes, count, flags, address, length);
}
