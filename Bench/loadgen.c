// The peers' side of the bench: N RTP peers on one thread, 50 packets a second each, spread over the 20 ms. Arrivals are stamped by the kernel.
// usage: loadgen FIRST_PORT LEGS
//        loadgen FIRST_PORT LEGS TARGET_PORT plain|stamp|hear FILE…
//
// Leg i is bound to 127.0.0.1, port FIRST_PORT + 2 i. In the first form it says something in A-law as soon as a packet has told it where its
// server is. In the second it talks to TARGET_PORT + 2 i from the beginning; the legs take turns with the files of payloads. `stamp` writes the
// time of sending into payloads that nobody touches, `hear` listens for the bursts of tone that leg i + 1 (or i − 1) says.
//
// Commands on standard input, a line each: `reset` zeroes the counts, `report` prints them as one line of JSON, `pause` and `resume`.

#include "arrivals.h"
#include "ear.h"

// A slot of 250 µs: peers do not keep step with the millisecond in which the server looks at its sockets.
enum { BATCH = 8, SLOTS = 80, SLOT_NS = 250000, STRIDE = 37, STAMP = 16 };
enum measure { PLAIN, STAMPED, HEARD };

struct leg {
    int fd;
    bool knows_peer;
    struct sockaddr_in peer;
    struct stream stream;
    const struct payloads *payloads;
    int64_t own_delay;  // of the codec that it speaks, nanoseconds
    int64_t burst;      // when the last one was sent
    long sent, alien;
    struct arrivals arrivals;
    struct ear ear;
};

static struct leg *legs;
static int count;
static enum measure measure;
static struct delays delays;
static bool is_paused;
static const char mark[8] = "CENTRALA";

static void reset(void) {
    for (int i = 0; i < count; i++) {
        legs[i].sent = legs[i].alien = 0;
        arrivals_reset(&legs[i].arrivals);
    }
    memset(&delays, 0, sizeof delays);
}

static void report(void) {
    long active = 0, sent = 0, received = 0, lost = 0, late = 0, alien = 0, spaced = 0, fewest = -1;
    double deviation = 0, worst = 0, longest = 0;
    for (int i = 0; i < count; i++) {
        struct leg *leg = &legs[i];
        struct arrivals *arrivals = &leg->arrivals;
        if (!leg->knows_peer) continue;
        active++;
        sent += leg->sent;
        received += arrivals->received;
        lost += arrivals->lost;
        late += arrivals->late;
        alien += leg->alien;
        if (fewest < 0 || arrivals->received < fewest) fewest = arrivals->received;
        double own = arrivals_deviation(arrivals);
        if (own >= 0) {
            deviation += own;
            spaced++;
            if (own > worst) worst = own;
        }
        if (arrivals->longest > longest) longest = arrivals->longest;
    }
    printf("{\"legs\":%ld,\"sent\":%ld,\"received\":%ld,\"lost\":%ld,\"late\":%ld,\"alien\":%ld,\"fewest\":%ld,"
           "\"deviation_ms\":%.3f,\"worst_deviation_ms\":%.3f,\"longest_gap_ms\":%.1f,"
           "\"delays\":%ld,\"delay_p50_ms\":%.2f,\"delay_p99_ms\":%.2f,\"delay_max_ms\":%.2f}\n",
           active, sent, received, lost, late, alien, fewest < 0 ? 0 : fewest, spaced ? deviation / spaced : 0, worst, longest,
           delays.count, delays_quantile(&delays, 0.5), delays_quantile(&delays, 0.99), delays.longest / 1e6);
    fflush(stdout);
}

static void measure_delay(int i, const uint8_t *payload, int length, int64_t arrival) {
    struct leg *leg = &legs[i], *other = &legs[i ^ 1];
    if (measure == STAMPED && length >= STAMP && memcmp(payload, mark, sizeof mark) == 0) {
        int64_t sent;
        memcpy(&sent, payload + sizeof mark, sizeof sent);
        delays_note(&delays, arrival - sent);
    }
    if (measure != HEARD) return;
    // The listener says the same codec as it hears.
    int onset = ear_hear(&leg->ear, leg->payloads->type, payload, length);
    if (onset >= 0 && other->burst != 0)
        delays_note(&delays, arrival + (int64_t)onset * SAMPLE_NS - other->burst - other->own_delay);
}

static void accept_packet(int i, const uint8_t *packet, int length, const struct sockaddr_in *from, struct msghdr *message) {
    struct leg *leg = &legs[i];
    if (length < HEADER || packet[0] >> 6 != 2 || (packet[1] & 0x7F) != leg->payloads->type) return;
    if (!leg->knows_peer) {
        leg->peer = *from;
        leg->knows_peer = true;
    } else if (from->sin_port != leg->peer.sin_port) {
        leg->alien++;
        return;
    }
    struct cmsghdr *stamp = CMSG_FIRSTHDR(message);
    if (!stamp || stamp->cmsg_type != SCM_TIMESTAMPNS) return;
    struct timespec time;
    memcpy(&time, CMSG_DATA(stamp), sizeof time);
    int64_t arrival = time.tv_sec * 1000000000LL + time.tv_nsec;
    arrivals_note(&leg->arrivals, (uint16_t)(packet[2] << 8 | packet[3]), arrival);
    measure_delay(i, packet + HEADER, length - HEADER, arrival);
}

static void receive(int i) {
    static uint8_t buffers[BATCH][LONGEST_DATAGRAM], controls[BATCH][64];
    static struct sockaddr_in sources[BATCH];
    static struct iovec vectors[BATCH];
    static struct mmsghdr messages[BATCH];
    int got;
    do {
        for (int n = 0; n < BATCH; n++) {
            vectors[n] = (struct iovec){buffers[n], sizeof buffers[n]};
            messages[n].msg_hdr = (struct msghdr){
                .msg_name = &sources[n], .msg_namelen = sizeof sources[n], .msg_iov = &vectors[n], .msg_iovlen = 1,
                .msg_control = controls[n], .msg_controllen = sizeof controls[n]};
        }
        got = recvmmsg(legs[i].fd, messages, BATCH, MSG_DONTWAIT, NULL);
        for (int n = 0; n < got; n++)
            accept_packet(i, buffers[n], (int)messages[n].msg_len, &sources[n], &messages[n].msg_hdr);
    } while (got == BATCH);
}

static void send_one(struct leg *leg) {
    uint8_t packet[LONGEST_DATAGRAM];
    const struct payloads *payloads = leg->payloads;
    int frame = leg->stream.sequence % payloads->count;
    size_t length = rtp_write(packet, &leg->stream, payloads->type, payloads->step, payloads->bytes[frame], payloads->length[frame]);
    if (measure == STAMPED) {
        int64_t now = wall_clock();
        memcpy(packet + HEADER, mark, sizeof mark);
        memcpy(packet + HEADER + sizeof mark, &now, sizeof now);
    }
    if (measure == HEARD && frame % BURST_EVERY == 0) leg->burst = wall_clock();
    if (sendto(leg->fd, packet, length, 0, (struct sockaddr *)&leg->peer, sizeof leg->peer) == (ssize_t)length) leg->sent++;
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
        if (strcmp(line, "pause") == 0) is_paused = true;
        if (strcmp(line, "resume") == 0) is_paused = false;
    }
    return true;
}

static bool is_usable(int arguments, char **argument) {
    if (arguments == 3) return true;
    if (arguments < 6) return false;
    return strcmp(argument[4], "plain") == 0 || strcmp(argument[4], "stamp") == 0 || strcmp(argument[4], "hear") == 0;
}

static void make_legs(int first, int arguments, char **argument) {
    int files = arguments > 5 ? arguments - 5 : 1, on = 1;
    const struct payloads *payloads[files];
    for (int n = 0; n < files; n++) payloads[n] = arguments > 5 ? payloads_read(argument[5 + n]) : payloads_invented();
    if (arguments > 5) measure = argument[4][0] == 'p' ? PLAIN : argument[4][0] == 's' ? STAMPED : HEARD;
    for (int i = 0; i < count; i++) {
        legs[i].fd = bound_socket(first + 2 * i);
        setsockopt(legs[i].fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
        legs[i].stream = stream_begin();
        legs[i].payloads = payloads[i % files];
        if (arguments > 5) {
            legs[i].peer = loopback(atoi(argument[3]) + 2 * i);
            legs[i].knows_peer = true;
        }
        if (measure == HEARD) {
            ear_open(&legs[i].ear);
            legs[i].own_delay = ear_own_delay(legs[i].payloads);
        }
    }
}

int main(int arguments, char **argument) {
    if (!is_usable(arguments, argument)) {
        fprintf(stderr, "usage: loadgen FIRST_PORT LEGS [TARGET_PORT plain|stamp|hear FILE…]\n");
        return 2;
    }
    count = atoi(argument[2]);
    legs = calloc((size_t)count, sizeof *legs);
    make_legs(atoi(argument[1]), arguments, argument);
    prefer_real_time(40);
    struct timespec due;
    clock_gettime(CLOCK_MONOTONIC, &due);
    for (int slot = 0;; slot = (slot + 1) % SLOTS) {
        // STRIDE has no divisor in common with SLOTS: neighbours are far apart, and all slots are used alike.
        for (int i = slot * STRIDE % SLOTS; i < count && !is_paused; i += SLOTS) {
            receive(i);
            if (legs[i].knows_peer) send_one(&legs[i]);
        }
        if (slot == 0 && !obey()) return 0;
        sleep_until_next(&due, SLOT_NS);
    }
}
