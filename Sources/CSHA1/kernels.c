#include "kernel.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <string.h>
#endif

#define PARTS(suffix) csha1_expand_##suffix, csha1_screen_##suffix

static const struct csha1_kernel baseline = {"baseline", PARTS(baseline), csha1_compress_baseline, 1};

#if defined(__x86_64__)

static const struct csha1_kernel baseline_ni = {"baseline + sha-ni", PARTS(baseline), csha1_compress_sha_ni, 0};
static const struct csha1_kernel avx2 = {"avx2", PARTS(avx2), csha1_compress_avx2, 1};
static const struct csha1_kernel avx2_ni = {"avx2 + sha-ni", PARTS(avx2), csha1_compress_sha_ni, 0};
static const struct csha1_kernel avx512 = {"avx512", PARTS(avx512), csha1_compress_avx512, 1};
static const struct csha1_kernel avx512_ni = {"avx512 + sha-ni", PARTS(avx512), csha1_compress_sha_ni, 0};

// The only code whose tests need special hardware to run at all: should it be wrong, that must cost speed, not digests.
static int sha_ni_agrees(void) {
    static const uint8_t blocks[2 * csha1_block] = "0123456789abcdef, and zeros to the end of the second block";
    uint32_t one[3][5] = {{1, 2, 3, 4, 5}}, other[3][5] = {{1, 2, 3, 4, 5}};
    csha1_words words;
    csha1_expand_baseline(blocks, 2, words);
    csha1_compress_baseline(blocks, 2, words, one);
    csha1_compress_sha_ni(blocks, 2, words, other);
    return memcmp(one, other, sizeof one) == 0;
}

// __builtin_cpu_supports also asks whether the operating system saves the wide registers; it does not know SHA-NI,
// which is bit 29 of EBX in leaf 7 and needs no such support.
static int has_sha_ni(void) {
    unsigned eax, ebx, ecx, edx;
    if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return 0;
    if (!(ebx >> 29 & 1) || !__builtin_cpu_supports("sse4.1") || !__builtin_cpu_supports("ssse3")) return 0;
    return sha_ni_agrees();
}

static int has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

static int has_avx512(void) {
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512bw");
}

const struct csha1_kernel *csha1_kernel_at(size_t index) {
    __builtin_cpu_init();
    const struct csha1_kernel *able[6];
    size_t count = 0;
    int ni = has_sha_ni();
    if (has_avx512() && ni) able[count++] = &avx512_ni;
    if (has_avx2() && ni) able[count++] = &avx2_ni;
    if (ni) able[count++] = &baseline_ni;
    if (has_avx512()) able[count++] = &avx512;
    if (has_avx2()) able[count++] = &avx2;
    able[count++] = &baseline;
    return index < count ? able[index] : NULL;
}

#else

const struct csha1_kernel *csha1_kernel_at(size_t index) {
    return index == 0 ? &baseline : NULL;
}

#endif
