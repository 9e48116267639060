#ifndef CSHA1_VECTORS_H
#define CSHA1_VECTORS_H

// The 32 disturbance vectors that are worth attacking with: type (I or II), position K, rotation b, as classified by
// Manuel (2011) and chosen by Stevens and Shumow (2017). All known attacks on SHA-1 use one of them.
// Their order gives each one its bit in a mask.
#define CSHA1_VECTORS(V) \
    V(I, 43, 0) V(I, 44, 0) V(I, 45, 0) V(I, 46, 0) V(I, 46, 2) V(I, 47, 0) V(I, 47, 2) V(I, 48, 0) \
    V(I, 48, 2) V(I, 49, 0) V(I, 49, 2) V(I, 50, 0) V(I, 50, 2) V(I, 51, 0) V(I, 51, 2) V(I, 52, 0) \
    V(II, 45, 0) V(II, 46, 0) V(II, 46, 2) V(II, 47, 0) V(II, 48, 0) V(II, 49, 0) V(II, 49, 2) V(II, 50, 0) \
    V(II, 50, 2) V(II, 51, 0) V(II, 51, 2) V(II, 52, 0) V(II, 53, 0) V(II, 54, 0) V(II, 55, 0) V(II, 56, 0)

#include <stdint.h>

#define V(type, position, rotation) type##_##position##_##rotation##_bit,
enum { CSHA1_VECTORS(V) };
#undef V

// The masks: I_43_0 is 1, I_44_0 is 2, and so on.
#define V(type, position, rotation) \
    type##_##position##_##rotation = UINT32_C(1) << type##_##position##_##rotation##_bit,
enum { CSHA1_VECTORS(V) };
#undef V

enum csha1_vector_type { I = 1, II = 2 };

struct csha1_vector {
    uint8_t type, position, rotation;
};

extern const struct csha1_vector csha1_vectors[32];

// The XOR between the 80 expanded words of the two colliding blocks.
const uint32_t *csha1_differences(const struct csha1_vector *vector);

#endif
