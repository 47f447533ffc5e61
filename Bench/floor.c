// The floor: the least work that any server can do for N G.711 calls. It receives 50 packets a second for each call and sends 50, does nothing
// with them, on one thread with four sub-ticks in 20 ms; a connected socket for each call. What a server needs above this is its own.
// usage: floor FIRST_PORT PEER_FIRST_PORT CALLS

#include "rtp.h"

enum { SUBTICKS = 4 };

int main(int arguments, char **argument) {
    if (arguments != 4) {
        fprintf(stderr, "usage: floor FIRST_PORT PEER_FIRST_PORT CALLS\n");
        return 2;
    }
    int first = atoi(argument[1]), peer = atoi(argument[2]), count = atoi(argument[3]);
    int *sockets = calloc((size_t)count, sizeof *sockets);
    struct stream *streams = calloc((size_t)count, sizeof *streams);
    for (int i = 0; i < count; i++) {
        struct sockaddr_in address = loopback(peer + 2 * i);
        sockets[i] = bound_socket(first + 2 * i);
        if (connect(sockets[i], (struct sockaddr *)&address, sizeof address) != 0) return 1;
        streams[i] = (struct stream){(uint16_t)rand(), (uint32_t)rand(), (uint32_t)rand()};
    }
    uint8_t packet[512], payload[PAYLOAD];
    memset(payload, 0xD5, sizeof payload);
    prefer_real_time(50);
    struct timespec due;
    clock_gettime(CLOCK_MONOTONIC, &due);
    for (long tick = 0;; tick++) {
        for (int i = (int)(tick % SUBTICKS); i < count; i += SUBTICKS) {
            while (recv(sockets[i], packet, sizeof packet, MSG_DONTWAIT) > 0) {}
            rtp_write(packet, &streams[i], payload);
            if (send(sockets[i], packet, PACKET, 0) < 0 && errno != ECONNREFUSED) return 1;
        }
        sleep_until_next(&due, 5000000L);
    }
}
