#ifndef CSHA1_H
#define CSHA1_H

// SHA-1 that recognises the known collision attacks on SHA-1 while it hashes ("counter-cryptanalysis": Marc Stevens,
// CRYPTO 2013; with the unavoidable conditions of Stevens and Shumow, USENIX Security 2017). The digest is plain SHA-1.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct csha1_kernel;

/// One hash in progress. A plain value: copy it to fork the hash, drop it to abandon it; nothing is allocated.
/// Different contexts may be used in different threads at once. The members are not for callers.
typedef struct csha1_context {
    const struct csha1_kernel *kernel;
    uint64_t total;         // bytes added so far
    uint32_t state[5];      // the chaining state after the blocks hashed so far
    uint32_t attacked;      // whether a block so far was one of a collision attack
    uint64_t pending[136];  // bytes not hashed yet: less than 16 blocks of 64, and a 17th for the padding
} csha1_context;

/// Begins a hash with collision detection.
void csha1_begin(csha1_context *context);

/// Adds `count` bytes; any number of calls, split anywhere. `bytes` may be null if `count` is 0.
void csha1_add(csha1_context *context, const void *bytes, size_t count);

/// Ends the hash and writes its 20 bytes, always those of plain SHA-1. Returns true if the input is fine, false if it
/// carries a block made by a collision attack: the digest is then worth nothing as a name. Begin anew before reuse.
bool csha1_end(csha1_context *context, uint8_t digest[20]);

/// The same three without collision detection, for what nobody can gain from colliding (the trailer of a pack).
void csha1_plain_begin(csha1_context *context);
void csha1_plain_add(csha1_context *context, const void *bytes, size_t count);
void csha1_plain_end(csha1_context *context, uint8_t digest[20]);

/// What was chosen for this processor, such as "avx512 + sha-ni". A constant string.
const char *csha1_variant(void);

#ifdef __cplusplus
}
#endif

#endif
