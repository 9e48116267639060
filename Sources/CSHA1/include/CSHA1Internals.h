#ifndef CSHA1_INTERNALS_H
#define CSHA1_INTERNALS_H

// Not for callers: what the tests and benchmarks need to look at one part at a time.

#include "CSHA1.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The name of the `index`-th variant this processor can run, the best first; null past the last.
const char *csha1_variant_name(size_t index);

/// `csha1_begin` with that variant instead of the best. Returns false if there is none.
bool csha1_begin_variant(csha1_context *context, size_t index);

/// Screens up to 16 blocks with the kernel of a begun context: the bits of `survivors[n]` are the disturbance vectors
/// whose unavoidable conditions the n-th block fulfils.
void csha1_screen(const csha1_context *context, const uint8_t *blocks, size_t count, uint32_t survivors[16]);

/// Whether the `n`-th of up to 16 blocks, supposed to lead from the state `before` to the state `after`, is a block of
/// a collision attack with one of the disturbance vectors in `candidates`, by the kernel of a begun context. (That it
/// does lead there is not examined, so that a test can make up attacks that nobody has found.)
bool csha1_recompress(
    const csha1_context *context, const uint8_t *blocks, size_t count, size_t n, const uint32_t before[5],
    const uint32_t after[5], uint32_t candidates);

/// The number of unavoidable conditions.
size_t csha1_condition_count(void);

/// Condition `index`: bit `bit[0]` of expanded word `word[0]` and bit `bit[1]` of `word[1]` differ (returned 1) or are
/// equal (returned 0) in every block of an attack with a vector of `*vectors`.
int csha1_condition(size_t index, int word[2], int bit[2], uint32_t *vectors);

/// Type (1 or 2), position and rotation of disturbance vector `index` (0 ..< 32), and the difference it demands between
/// the 80 expanded words of the two colliding blocks.
void csha1_vector(size_t index, int *type, int *position, int *rotation, uint32_t differences[80]);

#ifdef __cplusplus
}
#endif

#endif
