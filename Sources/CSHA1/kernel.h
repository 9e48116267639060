#ifndef CSHA1_KERNEL_H
#define CSHA1_KERNEL_H

#include <stddef.h>
#include <stdint.h>

enum { csha1_block = 64, csha1_run = 16 };

// The expanded words of up to 16 blocks side by side: word t of block n is words[t][n].
typedef uint32_t csha1_words[80][csha1_run] __attribute__((aligned(64)));

// The work on a run of 1 ... 16 blocks, as compiled for one instruction set. All kernels give the same results.
struct csha1_kernel {
    const char *name;
    // Loads the blocks and expands them.
    void (*expand)(const uint8_t *blocks, size_t count, csha1_words words);
    // The vectors whose unavoidable conditions each block fulfils.
    void (*screen)(csha1_words words, size_t count, uint32_t survivors[csha1_run]);
    // The compression function, block after block: states[0] is given, states[n + 1] is the state after block n.
    // `words` is looked at only if `expands`.
    void (*compress)(const uint8_t *blocks, size_t count, csha1_words words, uint32_t states[][5]);
    // Whether compress needs the expanded words; otherwise it reads the blocks.
    int expands;
};

// The index-th kernel that this processor can run, the best first; null past the last.
const struct csha1_kernel *csha1_kernel_at(size_t index);

#define CSHA1_KERNEL_PARTS(suffix) \
    void csha1_expand_##suffix(const uint8_t *blocks, size_t count, csha1_words words); \
    void csha1_screen_##suffix(csha1_words words, size_t count, uint32_t survivors[csha1_run]); \
    void csha1_compress_##suffix(const uint8_t *blocks, size_t count, csha1_words words, uint32_t states[][5]);

CSHA1_KERNEL_PARTS(baseline)

#if defined(__x86_64__)
CSHA1_KERNEL_PARTS(avx2)
CSHA1_KERNEL_PARTS(avx512)
void csha1_compress_sha_ni(const uint8_t *blocks, size_t count, csha1_words words, uint32_t states[][5]);
#endif

#endif
