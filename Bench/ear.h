// Hears when a burst of tone begins in a stream of payloads: how late sound is, whatever codec it went through on its way.

#pragma once
#include "payloads.h"
#include <opus/opus.h>

// The bursts of `centrala-bench payloads` have ten times this amplitude, and half a second from one to the next (25 packets).
enum { LOUD = 1000, QUIET_SAMPLES = 1600, BURST_EVERY = 25, EAR_RATE = 8000, SAMPLE_NS = 125000, LONGEST_FRAME = 960 };

struct ear {
    OpusDecoder *opus;
    int since_loud;  // samples
};

static inline void ear_open(struct ear *ear) {
    int error;
    ear->opus = opus_decoder_create(EAR_RATE, 1, &error);
    ear->since_loud = 0;
    if (error != OPUS_OK) exit(1);
}

// A-law (ITU-T G.711, table 1a).
static inline int16_t alaw(uint8_t code) {
    code ^= 0x55;
    int exponent = code >> 4 & 7, value = (code & 15) << 4;
    value = exponent == 0 ? value + 8 : (value + 0x108) << (exponent - 1);
    return (int16_t)(code & 0x80 ? value : -value);
}

// The sample at which a burst begins in this payload; -1 when none does.
static inline int ear_hear(struct ear *ear, uint8_t type, const uint8_t *payload, int length) {
    int16_t samples[LONGEST_FRAME];
    int count = length < LONGEST_FRAME ? length : LONGEST_FRAME, onset = -1;
    if (type == PCMA) {
        for (int i = 0; i < count; i++) samples[i] = alaw(payload[i]);
    } else {
        count = opus_decode(ear->opus, payload, length, samples, LONGEST_FRAME, 0);
    }
    for (int i = 0; i < count; i++) {
        bool is_loud = samples[i] > LOUD || samples[i] < -LOUD;
        if (is_loud && ear->since_loud > QUIET_SAMPLES && onset < 0) onset = i;
        ear->since_loud = is_loud ? 0 : ear->since_loud + 1;
    }
    return onset;
}

// How far behind the first sample of its payload the burst begins when nothing is in between: what the codec itself takes.
static inline int64_t ear_own_delay(const struct payloads *payloads) {
    struct ear ear;
    ear_open(&ear);
    ear.since_loud = QUIET_SAMPLES + 1;
    for (int i = 0; i < BURST_EVERY && i < payloads->count; i++) {
        int onset = ear_hear(&ear, payloads->type, payloads->bytes[i], payloads->length[i]);
        if (onset >= 0) return (int64_t)(i * PAYLOAD + onset) * SAMPLE_NS;
    }
    fprintf(stderr, "there is no burst to be heard\n");
    exit(1);
}
