// A file of RTP payloads, as `centrala-bench payloads` writes it: payload type (1 byte), 0 (1), how many (2), the timestamp's step from packet
// to packet (4), then for each payload its length (2) and its bytes. Little endian.

#pragma once
#include "rtp.h"

enum { LONGEST_PAYLOAD = 1280, MOST_PAYLOADS = 2000 };

struct payloads {
    uint8_t type;
    uint32_t step;
    int count;
    const uint8_t *bytes[MOST_PAYLOADS];
    uint16_t length[MOST_PAYLOADS];
};

static inline void refuse_payloads(const char *path) {
    fprintf(stderr, "%s is not a file of payloads\n", path);
    exit(1);
}

static inline struct payloads *payloads_read(const char *path) {
    struct payloads *made = calloc(1, sizeof *made);
    FILE *file = fopen(path, "rb");
    uint8_t head[8];
    if (!file || fread(head, sizeof head, 1, file) != 1) refuse_payloads(path);
    made->type = head[0];
    made->count = head[2] | head[3] << 8;
    memcpy(&made->step, head + 4, 4);
    if (made->count < 1 || made->count > MOST_PAYLOADS) refuse_payloads(path);
    for (int i = 0; i < made->count; i++) {
        uint8_t *bytes = malloc(LONGEST_PAYLOAD);
        if (fread(&made->length[i], 2, 1, file) != 1 || made->length[i] > LONGEST_PAYLOAD) refuse_payloads(path);
        if (fread(bytes, made->length[i], 1, file) != 1) refuse_payloads(path);
        made->bytes[i] = bytes;
    }
    fclose(file);
    return made;
}

// For peers whose sound nobody listens to: a second of something in A-law.
static inline struct payloads *payloads_invented(void) {
    struct payloads *made = calloc(1, sizeof *made);
    made->type = PCMA;
    made->step = PAYLOAD;
    made->count = 50;
    for (int frame = 0; frame < made->count; frame++) {
        uint8_t *bytes = malloc(PAYLOAD);
        for (int i = 0; i < PAYLOAD; i++) bytes[i] = (uint8_t)(0x55 ^ (0x80 | ((i * 7 + frame * 13) & 0x3F)));
        made->bytes[frame] = bytes;
        made->length[frame] = PAYLOAD;
    }
    return made;
}
