#ifndef CSHA1_ROUNDS_H
#define CSHA1_ROUNDS_H

// The steps of SHA-1 (FIPS 180-4 §6.1.2), forwards and backwards, on a working state kept as a, b, c, d, e.

#include <stdint.h>

#define CSHA1_INLINE static inline __attribute__((always_inline))

// The value known so far is to be computed first: an addition must not be moved across. Left alone, the compiler sums
// in an order by which every step waits several times for the step before it, at half the speed.
#define CSHA1_FIRST(value) __asm__("" : "+r"(value))

CSHA1_INLINE uint32_t csha1_rotate(uint32_t word, int left) {
    return word << left | word >> (32 - left);
}

CSHA1_INLINE uint32_t csha1_constant(int step) {
    return step < 20 ? 0x5a827999 : step < 40 ? 0x6ed9eba1 : step < 60 ? 0x8f1bbcdc : 0xca62c1d6;
}

// Choice, parity, majority, parity.
CSHA1_INLINE uint32_t csha1_function(int step, uint32_t b, uint32_t c, uint32_t d) {
    if (step < 20) return (b & c) + (~b & d);
    if (step >= 40 && step < 60) return (b & c) + (d & (b ^ c));
    return b ^ c ^ d;
}

// From the state before `step` to the one after it.
CSHA1_INLINE void csha1_step(uint32_t state[5], int step, uint32_t word) {
    uint32_t sum = state[4] + word + csha1_constant(step);
    CSHA1_FIRST(sum);
    sum += csha1_function(step, state[1], state[2], state[3]);
    CSHA1_FIRST(sum);
    uint32_t next = csha1_rotate(state[0], 5) + sum;
    state[4] = state[3];
    state[3] = state[2];
    state[2] = csha1_rotate(state[1], 30);
    state[1] = state[0];
    state[0] = next;
}

// From the state after `step` to the one before it.
CSHA1_INLINE void csha1_step_back(uint32_t state[5], int step, uint32_t word) {
    uint32_t sum = state[0] - csha1_rotate(state[1], 5) - word - csha1_constant(step);
    CSHA1_FIRST(sum);
    state[0] = state[1];
    state[1] = csha1_rotate(state[2], 2);
    state[2] = state[3];
    state[3] = state[4];
    state[4] = sum - csha1_function(step, state[1], state[2], state[3]);
}

#endif
