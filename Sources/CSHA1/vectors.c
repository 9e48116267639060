#include "vectors.h"

#define V(type, position, rotation) {type, position, rotation},
const struct csha1_vector csha1_vectors[32] = {CSHA1_VECTORS(V)};
#undef V

// A disturbance vector is a sequence of words d obeying the message expansion. Type I has d[K ... K+14] = 0 and
// d[K+15] = 1; type II the same and bit 31 of d[K+1] and d[K+3] (all rotated left by b). A disturbance of step t is
// undone by the five steps after it (a local collision), so that the difference of the words, which is needed, is
//     d[t] ^ (d[t-1] <<< 5) ^ d[t-2] ^ (d[t-3] <<< 30) ^ (d[t-4] <<< 30) ^ (d[t-5] <<< 30)
// and depends on type and t - K alone, but for the rotation by b. Here it is for t - K = -56 ... 36.
enum { first = -56, last = 36 };

#define TYPE_I(W) \
    W(0x08000012) W(0x28000010) W(0xbc000010) W(0x24000004) W(0x04000010) W(0xe8000000) W(0x0800000c) \
    W(0x18000000) W(0xb800000a) W(0xc8000010) W(0x2c000010) W(0xf4000014) W(0xb4000008) W(0x08000000) \
    W(0x9800000c) W(0xd8000010) W(0x08000010) W(0xb8000010) W(0x98000000) W(0x60000000) W(0x00000008) \
    W(0xc0000000) W(0x90000014) W(0x10000010) W(0xb8000014) W(0x28000000) W(0x20000010) W(0x48000000) \
    W(0x08000018) W(0x60000000) W(0x90000010) W(0xf0000010) W(0x90000008) W(0xc0000000) W(0x90000010) \
    W(0xf0000010) W(0xb0000008) W(0x40000000) W(0x90000000) W(0xf0000010) W(0x90000018) W(0x60000000) \
    W(0x90000010) W(0x90000010) W(0x90000000) W(0x80000000) W(0x00000010) W(0xa0000000) W(0x20000000) \
    W(0xa0000000) W(0x20000010) W(0x00000000) W(0x20000010) W(0x20000000) W(0x00000010) W(0x20000000) \
    W(0x00000010) W(0xa0000000) W(0x00000000) W(0x20000000) W(0x20000000) W(0x00000000) W(0x00000000) \
    W(0x00000000) W(0x00000000) W(0x00000000) W(0x00000000) W(0x00000000) W(0x00000000) W(0x00000000) \
    W(0x00000000) W(0x00000001) W(0x00000020) W(0x00000001) W(0x40000002) W(0x40000040) W(0x40000002) \
    W(0x80000004) W(0x80000080) W(0x80000006) W(0x00000049) W(0x00000103) W(0x80000009) W(0x80000012) \
    W(0x80000202) W(0x00000018) W(0x00000164) W(0x00000408) W(0x800000e6) W(0x8000004c) W(0x00000803) \
    W(0x80000161) W(0x80000599)

#define TYPE_II(W) \
    W(0x2600001a) W(0x00000010) W(0x0400001c) W(0xcc000014) W(0x0c000002) W(0xc0000010) W(0xb400001c) \
    W(0x3c000004) W(0xbc00001a) W(0x20000010) W(0x2400001c) W(0xec000014) W(0x0c000002) W(0xc0000010) \
    W(0xb400001c) W(0x2c000004) W(0xbc000018) W(0xb0000010) W(0x0000000c) W(0xb8000010) W(0x08000018) \
    W(0x78000010) W(0x08000014) W(0x70000010) W(0xb800001c) W(0xe8000000) W(0xb0000004) W(0x58000010) \
    W(0xb000000c) W(0x48000000) W(0xb0000000) W(0xb8000010) W(0x98000010) W(0xa0000000) W(0x00000000) \
    W(0x00000000) W(0x20000000) W(0x80000000) W(0x00000010) W(0x00000000) W(0x20000010) W(0x20000000) \
    W(0x00000010) W(0x60000000) W(0x00000018) W(0xe0000000) W(0x90000000) W(0x30000010) W(0xb0000000) \
    W(0x20000000) W(0x20000000) W(0xa0000000) W(0x00000010) W(0x80000000) W(0x20000000) W(0x20000000) \
    W(0x20000000) W(0x80000000) W(0x00000010) W(0x00000000) W(0x20000010) W(0xa0000000) W(0x00000000) \
    W(0x20000000) W(0x20000000) W(0x00000000) W(0x00000000) W(0x00000000) W(0x00000000) W(0x00000000) \
    W(0x00000000) W(0x00000001) W(0x00000020) W(0x00000001) W(0x40000002) W(0x40000041) W(0x40000022) \
    W(0x80000005) W(0xc0000082) W(0xc0000046) W(0x4000004b) W(0x80000107) W(0x00000089) W(0x00000014) \
    W(0x8000024b) W(0x0000011b) W(0x8000016d) W(0x8000041a) W(0x000002e4) W(0x80000054) W(0x00000967) \
    W(0x80000569) W(0x0000057f)

#define BY_0(word) word,
#define BY_2(word) (uint32_t)word << 2 | word >> 30,

static const uint32_t differences[2][2][last - first + 1] = {
    {{TYPE_I(BY_0)}, {TYPE_I(BY_2)}},
    {{TYPE_II(BY_0)}, {TYPE_II(BY_2)}},
};

const uint32_t *csha1_differences(const struct csha1_vector *vector) {
    return &differences[vector->type - I][vector->rotation / 2][-vector->position - first];
}
