#include "recompress.h"
#include "rounds.h"
#include "vectors.h"
#include <string.h>

// An attack pairs a block with a sister whose expanded words differ by the vector's differences, and whose working
// state is the same before one step in the middle. With the block in hand both are known: so the sister can be run from
// that step to its beginning and to its end, without knowing what state it began in. If its beginning plus its end is
// the state our block leads to as well, the two blocks collide, which does not happen by chance (1 in 2^160).
CSHA1_INLINE bool collide(
    int equal, csha1_words words, size_t n, const uint32_t differences[80],
    const uint32_t before[5], const uint32_t after[5]) {
    uint32_t beginning[5], end[5];
    for (int i = 0; i < 5; i++) end[i] = after[i] - before[i];
#pragma clang loop unroll(full)
    for (int t = 79; t >= equal; t--) csha1_step_back(end, t, words[t][n]);
    memcpy(beginning, end, sizeof beginning);
#pragma clang loop unroll(full)
    for (int t = equal - 1; t >= 0; t--) csha1_step_back(beginning, t, words[t][n] ^ differences[t]);
#pragma clang loop unroll(full)
    for (int t = equal; t < 80; t++) csha1_step(end, t, words[t][n] ^ differences[t]);
    uint32_t apart = 0;
    for (int i = 0; i < 5; i++) apart |= (beginning[i] + end[i]) ^ after[i];
    return apart == 0;
}

bool csha1_has_sister(
    csha1_words words, size_t n, const uint32_t before[5], const uint32_t after[5], uint32_t candidates) {
    for (; candidates; candidates &= candidates - 1) {
        const struct csha1_vector *vector = &csha1_vectors[__builtin_ctz(candidates)];
        const uint32_t *differences = csha1_differences(vector);
        bool found = vector->position < 50 ? collide(58, words, n, differences, before, after)
                                           : collide(65, words, n, differences, before, after);
        if (found) return true;
    }
    return false;
}
