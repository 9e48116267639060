#if defined(__x86_64__)

#include "kernel.h"
#include <immintrin.h>

// The registers hold four words, the first one highest. `state` is a, b, c, d; `e` is the e of the four steps to come,
// in the highest word. SHA1RNDS4 does four steps, given the sums of e and their words; SHA1NEXTE makes that e from the
// a of four steps ago and adds it; SHA1MSG1 and SHA1MSG2 expand (Intel SDM, volume 2).
#define ROUNDS(t, function) \
    do { \
        __m128i sum = (t) == 0 ? _mm_add_epi32(e, word[0]) : _mm_sha1nexte_epu32(e, word[(t) & 3]); \
        e = state; \
        state = _mm_sha1rnds4_epu32(state, sum, function); \
    } while (0)

// Words 4t ... 4t + 3, from the sixteen before them: word[t & 3] are the oldest.
#define EXPAND(t) \
    word[(t) & 3] = _mm_sha1msg2_epu32( \
        _mm_xor_si128(_mm_sha1msg1_epu32(word[(t) & 3], word[((t) + 1) & 3]), word[((t) + 2) & 3]), \
        word[((t) + 3) & 3])

__attribute__((target("sha,sse4.1,ssse3")))
void csha1_compress_sha_ni(const uint8_t *blocks, size_t count, csha1_words words, uint32_t states[][5]) {
    (void)words;
    const __m128i reversed = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
    __m128i state = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)states[0]), 0x1b);
    __m128i e = _mm_set_epi32((int)states[0][4], 0, 0, 0);
    for (size_t n = 0; n < count; n++, blocks += csha1_block) {
        const __m128i state_before = state, e_before = e;
        __m128i word[4];
#pragma clang loop unroll(full)
        for (int t = 0; t < 20; t++) {
            if (t < 4)
                word[t] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)blocks + t), reversed);
            else
                EXPAND(t);
            switch (t / 5) {
            case 0: ROUNDS(t, 0); break;
            case 1: ROUNDS(t, 1); break;
            case 2: ROUNDS(t, 2); break;
            default: ROUNDS(t, 3);
            }
        }
        e = _mm_sha1nexte_epu32(e, e_before);
        state = _mm_add_epi32(state, state_before);
        _mm_storeu_si128((__m128i *)states[n + 1], _mm_shuffle_epi32(state, 0x1b));
        states[n + 1][4] = (uint32_t)_mm_extract_epi32(e, 3);
    }
}

#endif
