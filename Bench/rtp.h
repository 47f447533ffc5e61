// What both programs of the bench know of RTP (RFC 3550 §5.1): 20 ms of G.711 in a packet, and a clock.

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

enum { HEADER = 12, PAYLOAD = 160, PACKET = HEADER + PAYLOAD, PCMA = 8 };

struct stream {
    uint16_t sequence;
    uint32_t timestamp, ssrc;
};

static inline void rtp_write(uint8_t *packet, struct stream *stream, const uint8_t *payload) {
    uint16_t sequence = htons(stream->sequence++);
    uint32_t timestamp = htonl(stream->timestamp), ssrc = htonl(stream->ssrc);
    packet[0] = 0x80;
    packet[1] = PCMA;
    memcpy(packet + 2, &sequence, 2);
    memcpy(packet + 4, &timestamp, 4);
    memcpy(packet + 8, &ssrc, 4);
    memcpy(packet + HEADER, payload, PAYLOAD);
    stream->timestamp += PAYLOAD;
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

// A moment that moves on in equal steps, so that lateness does not add up.
static inline void sleep_until_next(struct timespec *due, long nanoseconds) {
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
