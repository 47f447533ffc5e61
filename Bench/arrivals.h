// What is counted of packets that arrive: how many, how evenly, and how long those that carry a stamp were on their way.

#pragma once
#include "rtp.h"

// 10 µs wide, up to 100 ms.
enum { BUCKETS = 10000, BUCKET_NS = 10000 };
// A packet that comes this much later after the one before than 20 ms is late: a receiver with a short buffer would have missed it.
static const double LATE_GAP_MS = 30;

struct delays {
    long count, buckets[BUCKETS];
    int64_t longest;
};

struct arrivals {
    bool heard_before;
    uint16_t last_sequence;
    int64_t last_arrival;  // nanoseconds; 0: none since reset
    long received, lost, late;
    long gaps;  // between arrivals; their sum and sum of squares in milliseconds
    double sum, squares, longest;
};

static inline void delays_note(struct delays *delays, int64_t nanoseconds) {
    // A wall clock that was set meanwhile: no measurement.
    if (nanoseconds < 0 || nanoseconds > 1000000000LL) return;
    int64_t bucket = nanoseconds / BUCKET_NS;
    delays->buckets[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
    delays->count++;
    if (nanoseconds > delays->longest) delays->longest = nanoseconds;
}

// Milliseconds that this share of the packets stays under.
static inline double delays_quantile(const struct delays *delays, double share) {
    long wanted = (long)ceil(share * delays->count), sum = 0;
    for (int i = 0; i < BUCKETS; i++) {
        sum += delays->buckets[i];
        if (sum >= wanted && sum > 0) return (i + 1) * (BUCKET_NS / 1e6);
    }
    return 0;
}

static inline void arrivals_reset(struct arrivals *arrivals) {
    bool heard = arrivals->heard_before;
    uint16_t sequence = arrivals->last_sequence;
    *arrivals = (struct arrivals){.heard_before = heard, .last_sequence = sequence};
}

static inline void arrivals_note(struct arrivals *arrivals, uint16_t sequence, int64_t at) {
    int16_t step = (int16_t)(sequence - arrivals->last_sequence);
    if (arrivals->heard_before && step > 1) arrivals->lost += step - 1;
    arrivals->last_sequence = sequence;
    arrivals->heard_before = true;
    arrivals->received++;
    if (arrivals->last_arrival != 0) {
        double gap = (double)(at - arrivals->last_arrival) / 1e6;
        arrivals->gaps++;
        arrivals->sum += gap;
        arrivals->squares += gap * gap;
        if (gap > arrivals->longest) arrivals->longest = gap;
        if (gap > LATE_GAP_MS) arrivals->late++;
    }
    arrivals->last_arrival = at;
}

// Standard deviation of the spacing, milliseconds; negative when too little came.
static inline double arrivals_deviation(const struct arrivals *arrivals) {
    if (arrivals->gaps < 2) return -1;
    double mean = arrivals->sum / arrivals->gaps, variance = arrivals->squares / arrivals->gaps - mean * mean;
    return variance > 0 ? sqrt(variance) : 0;
}
