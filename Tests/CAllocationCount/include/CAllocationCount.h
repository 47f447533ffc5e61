// Counts what the calling thread allocates, by standing in front of the C library's allocator.
#pragma once
#include <stdint.h>

/// Calls of malloc, calloc, realloc, posix_memalign, aligned_alloc and memalign by this thread so far.
uint64_t allocation_count(void);

/// False under a sanitizer, which needs the allocator for itself: then nothing is counted.
int allocations_are_counted(void);
