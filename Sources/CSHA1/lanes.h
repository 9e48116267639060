// Expansion and screening of LANES blocks at once, in vectors with a word of each: a template, included once for each
// width with LANES and LANES_NAME(function) defined, in a file that has chosen the instruction set.

typedef uint32_t LANES_NAME(vector) __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

#define VECTOR LANES_NAME(vector)
#define WORD(t) (*(VECTOR *)&words[t][first])

// Words 0 ... 15 come as they lie in memory; the rest follows (FIPS 180-4 §6.1.2).
static inline __attribute__((always_inline)) void LANES_NAME(expand)(csha1_words words, size_t first) {
    VECTOR window[16];
#pragma clang loop unroll(full)
    for (int t = 0; t < 16; t++) {
        VECTOR word = WORD(t);
        if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
            word = word << 24 | (word & 0xff00) << 8 | (word >> 8 & 0xff00) | word >> 24;
        window[t] = WORD(t) = word;
    }
#pragma clang loop unroll(full)
    for (int t = 16; t < 80; t++) {
        VECTOR word = window[(t - 3) & 15] ^ window[(t - 8) & 15] ^ window[(t - 14) & 15] ^ window[t & 15];
        window[t & 15] = WORD(t) = word << 1 | word >> 31;
    }
}

// Each condition moves the two bits to the sign, makes a mask of all bits of it, and strikes out its vectors where the
// condition does not hold.
static inline __attribute__((always_inline)) void LANES_NAME(screen)(
    csha1_words words, size_t first, uint32_t *survivors) {
    typedef int32_t signed_vector __attribute__((vector_size(4 * LANES)));
    VECTOR struck = {0}, pair;
#define CONDITION(i, a, j, b, x, vectors) \
    pair = WORD(i) ^ (a < b ? WORD(j) >> ((b - a) & 31) : WORD(j) << ((a - b) & 31)); \
    pair = (VECTOR)((signed_vector)(pair << (31 - a)) >> 31); \
    struck |= (x ? ~pair : pair) & (uint32_t)(vectors);
#include "conditions.h"
#undef CONDITION
    *(VECTOR *)(survivors + first) = ~struck;
}

#undef WORD
#undef VECTOR
