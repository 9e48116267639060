// The functions of a kernel for one instruction set: a template, included once with KERNEL_NAME(function) and WIDEST
// (the number of words in the widest vector) defined.

#include "kernel.h"
#include "rounds.h"
#include "vectors.h"
#include <string.h>

#define LANES 4
#define LANES_NAME(function) function##_4
#include "lanes.h"
#undef LANES_NAME
#undef LANES

#if WIDEST >= 8
#define LANES 8
#define LANES_NAME(function) function##_8
#include "lanes.h"
#undef LANES_NAME
#undef LANES
#endif

#if WIDEST >= 16
#define LANES 16
#define LANES_NAME(function) function##_16
#include "lanes.h"
#undef LANES_NAME
#undef LANES
#endif

// Calls the narrowest function that does all blocks, or the widest as often as it takes.
#if WIDEST >= 16
#define WIDE_ENOUGH(function, left, ...) \
    ((left) > 8 ? (function##_16(__VA_ARGS__), 16) \
     : (left) > 4 ? (function##_8(__VA_ARGS__), 8) : (function##_4(__VA_ARGS__), 4))
#elif WIDEST >= 8
#define WIDE_ENOUGH(function, left, ...) \
    ((left) > 4 ? (function##_8(__VA_ARGS__), 8) : (function##_4(__VA_ARGS__), 4))
#else
#define WIDE_ENOUGH(function, left, ...) (function##_4(__VA_ARGS__), 4)
#endif

// Words t ... t + 3 of four blocks, lying as four rows, become four columns of words[t ... t + 3].
static inline __attribute__((always_inline)) void turn(
    const uint8_t *const blocks[4], int t, csha1_words words, size_t first) {
    vector_4 row[4];
    for (int n = 0; n < 4; n++) memcpy(&row[n], blocks[n] + 4 * t, 16);
    vector_4 low01 = __builtin_shufflevector(row[0], row[1], 0, 4, 1, 5);
    vector_4 low23 = __builtin_shufflevector(row[2], row[3], 0, 4, 1, 5);
    vector_4 high01 = __builtin_shufflevector(row[0], row[1], 2, 6, 3, 7);
    vector_4 high23 = __builtin_shufflevector(row[2], row[3], 2, 6, 3, 7);
    *(vector_4 *)&words[t][first] = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
    *(vector_4 *)&words[t + 1][first] = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
    *(vector_4 *)&words[t + 2][first] = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
    *(vector_4 *)&words[t + 3][first] = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
}

// Where there are fewer blocks than lanes, the last block fills up its four lanes, and further ones keep what they
// have: nobody looks at them.
void KERNEL_NAME(expand)(const uint8_t *blocks, size_t count, csha1_words words) {
    for (size_t first = 0; first < count; first += 4) {
        const uint8_t *four[4];
        for (size_t n = 0; n < 4; n++)
            four[n] = blocks + csha1_block * (first + n < count ? first + n : count - 1);
        for (int t = 0; t < 16; t += 4) turn(four, t, words, first);
    }
    for (size_t first = 0; first < count;) first += WIDE_ENOUGH(expand, count - first, words, first);
}

void KERNEL_NAME(screen)(csha1_words words, size_t count, uint32_t survivors[csha1_run]) {
    for (size_t first = 0; first < count;) first += WIDE_ENOUGH(screen, count - first, words, first, survivors);
}

void KERNEL_NAME(compress)(const uint8_t *blocks, size_t count, csha1_words words, uint32_t states[][5]) {
    (void)blocks;
    for (size_t n = 0; n < count; n++) {
        uint32_t state[5];
        memcpy(state, states[n], sizeof state);
#pragma clang loop unroll(full)
        for (int t = 0; t < 80; t++) csha1_step(state, t, words[t][n]);
        for (int i = 0; i < 5; i++) states[n + 1][i] = states[n][i] + state[i];
    }
}
