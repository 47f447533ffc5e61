// What the programs of the bench know of RTP (RFC 3550 §5.1), of sockets and of clocks.

#pragma once
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// 20 ms of G.711 are 160 bytes.
enum { HEADER = 12, PAYLOAD = 160, PACKET = HEADER + PAYLOAD, PCMA = 8, LONGEST_DATAGRAM = 1500 };

struct stream {
    uint16_t sequence;
    uint32_t timestamp, ssrc;
};

static inline struct stream stream_begin(void) {
    return (struct stream){(uint16_t)rand(), (uint32_t)rand(), (uint32_t)rand()};
}

// Returns the packet's length.
static inline size_t rtp_write(uint8_t *packet, struct stream *stream, uint8_t type, uint32_t step, const uint8_t *payload, size_t length) {
    uint16_t sequence = htons(stream->sequence++);
    uint32_t timestamp = htonl(stream->timestamp), ssrc = htonl(stream->ssrc);
    packet[0] = 0x80;
    packet[1] = type;
    memcpy(packet + 2, &sequence, 2);
    memcpy(packet + 4, &timestamp, 4);
    memcpy(packet + 8, &ssrc, 4);
    memcpy(packet + HEADER, payload, length);
    stream->timestamp += step;
    return HEADER + length;
}

static inline struct sockaddr_in loopback(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static inline int bound_socket(int port) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = loopback(port);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        fprintf(stderr, "cannot bind 127.0.0.1:%d: %s\n", port, strerror(errno));
        exit(1);
    }
    return fd;
}

// The kernel stamps arrivals on this clock, so that departures are stamped on it too.
static inline int64_t wall_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

// A moment that moves on in equal steps, so that lateness does not add up; but what was missed in a standstill is not made good.
static inline void sleep_until_next(struct timespec *due, long nanoseconds) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if ((now.tv_sec - due->tv_sec) * 1000 + (now.tv_nsec - due->tv_nsec) / 1000000 > 200) *due = now;
    due->tv_nsec += nanoseconds;
    while (due->tv_nsec >= 1000000000L) {
        due->tv_nsec -= 1000000000L;
        due->tv_sec++;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, due, NULL);
}

// Real-time priority where the system permits it; a late load generator would blame the server.
static inline void prefer_real_time(int priority) {
    struct sched_param wanted = {.sched_priority = priority};
    sched_setscheduler(0, SCHED_FIFO, &wanted);
}
