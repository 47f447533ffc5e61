// The callers' side of the bench: N RTP peers on one thread, 50 A-law packets a second each, spread over the 20 ms.
// usage: loadgen FIRST_PORT LEGS        leg i is bound to 127.0.0.1, port FIRST_PORT + 2 i
//
// A leg begins to send when the first packet has told it where the server is. Arrivals are stamped by the kernel. Commands on standard
// input, a line each: `reset` zeroes the counts, `report` prints them as one line of JSON, `forget` waits for new servers.

#include "rtp.h"

enum { BATCH = 8, SUBTICKS = 20 };

struct leg {
    int fd;
    bool knows_peer, heard_before;
    struct stream stream;
    uint16_t last_sequence;
    int64_t last_arrival;  // nanoseconds; 0: none since reset
    long sent, received, lost, alien;
    long gaps;  // between arrivals; their sum and sum of squares in milliseconds
    double sum, squares, longest;
    struct sockaddr_in peer;
};

static struct leg *legs;
static int count;
static uint8_t speech[50][PAYLOAD];

static void invent_speech(void) {
    for (int frame = 0; frame < 50; frame++)
        for (int i = 0; i < PAYLOAD; i++) speech[frame][i] = (uint8_t)(0x55 ^ (0x80 | ((i * 7 + frame * 13) & 0x3F)));
}

static void forget(void) {
    for (int i = 0; i < count; i++) legs[i].knows_peer = legs[i].heard_before = false;
}

static void reset(void) {
    for (int i = 0; i < count; i++) {
        struct leg *leg = &legs[i];
        leg->sent = leg->received = leg->lost = leg->alien = leg->gaps = 0;
        leg->sum = leg->squares = leg->longest = 0;
        leg->last_arrival = 0;
    }
}

static void report(void) {
    long active = 0, sent = 0, received = 0, lost = 0, alien = 0, spaced = 0, fewest = -1;
    double deviation = 0, worst = 0, longest = 0;
    for (int i = 0; i < count; i++) {
        struct leg *leg = &legs[i];
        if (!leg->knows_peer) continue;
        active++;
        sent += leg->sent;
        received += leg->received;
        lost += leg->lost;
        alien += leg->alien;
        if (fewest < 0 || leg->received < fewest) fewest = leg->received;
        if (leg->gaps > 1) {
            double mean = leg->sum / leg->gaps, variance = leg->squares / leg->gaps - mean * mean;
            double own = variance > 0 ? sqrt(variance) : 0;
            deviation += own;
            spaced++;
            if (own > worst) worst = own;
        }
        if (leg->longest > longest) longest = leg->longest;
    }
    printf("{\"legs\":%ld,\"sent\":%ld,\"received\":%ld,\"lost\":%ld,\"alien\":%ld,\"fewest\":%ld,"
           "\"deviation_ms\":%.3f,\"worst_deviation_ms\":%.3f,\"longest_gap_ms\":%.1f}\n",
           active, sent, received, lost, alien, fewest < 0 ? 0 : fewest, spaced ? deviation / spaced : 0, worst, longest);
    fflush(stdout);
}

static void note_arrival(struct leg *leg, int64_t arrival) {
    if (leg->last_arrival != 0) {
        double gap = (double)(arrival - leg->last_arrival) / 1e6;
        leg->gaps++;
        leg->sum += gap;
        leg->squares += gap * gap;
        if (gap > leg->longest) leg->longest = gap;
    }
    leg->last_arrival = arrival;
}

static void accept_packet(struct leg *leg, const uint8_t *packet, unsigned length, const struct sockaddr_in *from, struct msghdr *message) {
    if (length < HEADER || packet[0] >> 6 != 2 || (packet[1] & 0x7F) != PCMA) return;
    if (!leg->knows_peer) {
        leg->peer = *from;
        leg->knows_peer = true;
    } else if (from->sin_port != leg->peer.sin_port) {
        leg->alien++;
        return;
    }
    uint16_t sequence = (uint16_t)(packet[2] << 8 | packet[3]);
    int16_t step = (int16_t)(sequence - leg->last_sequence);
    if (leg->heard_before && step > 1) leg->lost += step - 1;
    leg->last_sequence = sequence;
    leg->heard_before = true;
    leg->received++;
    struct cmsghdr *stamp = CMSG_FIRSTHDR(message);
    if (stamp && stamp->cmsg_type == SCM_TIMESTAMPNS) {
        struct timespec time;
        memcpy(&time, CMSG_DATA(stamp), sizeof time);
        note_arrival(leg, time.tv_sec * 1000000000LL + time.tv_nsec);
    }
}

static void receive(struct leg *leg) {
    static uint8_t buffers[BATCH][512], controls[BATCH][64];
    static struct sockaddr_in sources[BATCH];
    static struct iovec vectors[BATCH];
    static struct mmsghdr messages[BATCH];
    int got;
    do {
        for (int i = 0; i < BATCH; i++) {
            vectors[i] = (struct iovec){buffers[i], sizeof buffers[i]};
            messages[i].msg_hdr = (struct msghdr){
                .msg_name = &sources[i], .msg_namelen = sizeof sources[i], .msg_iov = &vectors[i], .msg_iovlen = 1,
                .msg_control = controls[i], .msg_controllen = sizeof controls[i]};
        }
        got = recvmmsg(leg->fd, messages, BATCH, MSG_DONTWAIT, NULL);
        for (int i = 0; i < got; i++) accept_packet(leg, buffers[i], messages[i].msg_len, &sources[i], &messages[i].msg_hdr);
    } while (got == BATCH);
}

static void send_one(struct leg *leg) {
    uint8_t packet[PACKET];
    rtp_write(packet, &leg->stream, speech[leg->stream.sequence % 50]);
    if (sendto(leg->fd, packet, PACKET, 0, (struct sockaddr *)&leg->peer, sizeof leg->peer) == PACKET) leg->sent++;
}

// Returns false when the bench has closed our input.
static bool obey(void) {
    static char line[64];
    struct pollfd input = {.fd = 0, .events = POLLIN};
    while (poll(&input, 1, 0) > 0) {
        ssize_t length = 0;
        while (length < (ssize_t)sizeof line - 1 && read(0, line + length, 1) == 1 && line[length] != '\n') length++;
        line[length] = 0;
        if (length == 0) return false;
        if (strcmp(line, "reset") == 0) reset();
        if (strcmp(line, "report") == 0) report();
        if (strcmp(line, "forget") == 0) forget();
    }
    return true;
}

int main(int arguments, char **argument) {
    if (arguments != 3) {
        fprintf(stderr, "usage: loadgen FIRST_PORT LEGS\n");
        return 2;
    }
    int first = atoi(argument[1]), on = 1;
    count = atoi(argument[2]);
    legs = calloc((size_t)count, sizeof *legs);
    for (int i = 0; i < count; i++) {
        legs[i].fd = bound_socket(first + 2 * i);
        setsockopt(legs[i].fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
        legs[i].stream = (struct stream){(uint16_t)rand(), (uint32_t)rand(), (uint32_t)rand()};
    }
    invent_speech();
    prefer_real_time(40);
    struct timespec due;
    clock_gettime(CLOCK_MONOTONIC, &due);
    for (long tick = 0;; tick++) {
        for (int i = (int)(tick % SUBTICKS); i < count; i += SUBTICKS) {
            receive(&legs[i]);
            if (legs[i].knows_peer) send_one(&legs[i]);
        }
        if (tick % SUBTICKS == 0 && !obey()) return 0;
        sleep_until_next(&due, 1000000L);
    }
}
