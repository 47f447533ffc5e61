// The floor: the least work that any server can do for N G.711 calls. It receives and sends the packets that a call needs and does nothing with
// them, on one thread, a connected socket for each leg. What a server needs above this is its own.
// usage: floor prompt|relay plain|recorded FIRST_PORT PEER_PORT CALLS
//
// `prompt`: a leg a call. 50 packets a second come in and 50 of its own go out, in sub-ticks of 1 ms.
// `relay`: two legs a call. What one leg receives goes out of the other as it is; the sockets are looked at every millisecond.
// `recorded`: the payloads of a call's first leg, both ways, are also written to memory, with the 24 bytes that say whose they are.

#include "rtp.h"
#include <sys/epoll.h>

enum { SUBTICKS = 20, TICK_NS = 1000000, BATCH = 256, ENTRY_HEAD = 24, MEMORY = 1 << 20 };

static int *sockets;
static int legs;
static bool is_recorded;
static uint8_t memory[MEMORY];

static void record(int leg, const uint8_t *packet, ssize_t length) {
    static size_t place;
    static uint8_t head[ENTRY_HEAD];
    if (!is_recorded || length < HEADER) return;
    size_t payload = (size_t)length - HEADER;
    if (place + ENTRY_HEAD + payload > MEMORY) place = 0;
    memcpy(head, &leg, sizeof leg);
    memcpy(memory + place, head, ENTRY_HEAD);
    memcpy(memory + place + ENTRY_HEAD, packet + HEADER, payload);
    place += ENTRY_HEAD + payload;
}

static void open_sockets(int first, int peer) {
    sockets = calloc((size_t)legs, sizeof *sockets);
    for (int i = 0; i < legs; i++) {
        struct sockaddr_in address = loopback(peer + 2 * i);
        sockets[i] = bound_socket(first + 2 * i);
        if (connect(sockets[i], (struct sockaddr *)&address, sizeof address) != 0) exit(1);
    }
}

static void send_packet(int leg, const uint8_t *packet, size_t length) {
    if (send(sockets[leg], packet, length, 0) < 0 && errno != ECONNREFUSED) exit(1);
}

static void play(struct timespec *due) {
    struct stream *streams = calloc((size_t)legs, sizeof *streams);
    uint8_t packet[LONGEST_DATAGRAM], payload[PAYLOAD];
    ssize_t length;
    memset(payload, 0xD5, sizeof payload);
    for (int i = 0; i < legs; i++) streams[i] = stream_begin();
    for (int tick = 0;; tick = (tick + 1) % SUBTICKS) {
        for (int i = tick; i < legs; i += SUBTICKS) {
            while ((length = recv(sockets[i], packet, sizeof packet, MSG_DONTWAIT)) > 0) record(i, packet, length);
            rtp_write(packet, &streams[i], PCMA, PAYLOAD, payload, PAYLOAD);
            record(i, packet, PACKET);
            send_packet(i, packet, PACKET);
        }
        sleep_until_next(due, TICK_NS);
    }
}

static void relay(struct timespec *due) {
    struct epoll_event ready[BATCH];
    uint8_t packet[LONGEST_DATAGRAM];
    int set = epoll_create1(EPOLL_CLOEXEC), count;
    for (int i = 0; i < legs; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        if (epoll_ctl(set, EPOLL_CTL_ADD, sockets[i], &event) != 0) exit(1);
    }
    for (;;) {
        while ((count = epoll_wait(set, ready, BATCH, 0)) > 0) {
            for (int n = 0; n < count; n++) {
                int leg = (int)ready[n].data.u32;
                ssize_t length = recv(sockets[leg], packet, sizeof packet, MSG_DONTWAIT);
                if (length <= 0) continue;
                record(leg & ~1, packet, length);
                send_packet(leg ^ 1, packet, (size_t)length);
            }
        }
        sleep_until_next(due, TICK_NS);
    }
}

int main(int arguments, char **argument) {
    bool is_relay = arguments == 6 && strcmp(argument[1], "relay") == 0;
    if (arguments != 6 || (!is_relay && strcmp(argument[1], "prompt") != 0)) {
        fprintf(stderr, "usage: floor prompt|relay plain|recorded FIRST_PORT PEER_PORT CALLS\n");
        return 2;
    }
    is_recorded = strcmp(argument[2], "recorded") == 0;
    legs = atoi(argument[5]) * (is_relay ? 2 : 1);
    open_sockets(atoi(argument[3]), atoi(argument[4]));
    prefer_real_time(50);
    struct timespec due;
    clock_gettime(CLOCK_MONOTONIC, &due);
    if (is_relay) relay(&due);
    play(&due);
}
