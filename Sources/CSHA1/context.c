#include "include/CSHA1.h"
#include "include/CSHA1Internals.h"
#include "kernel.h"
#include "recompress.h"
#include <stdatomic.h>
#include <string.h>

enum { pending_limit = csha1_run * csha1_block };

// Found out once; two threads at the same time find out the same.
static const struct csha1_kernel *best_kernel(void) {
    static _Atomic(const struct csha1_kernel *) best;
    const struct csha1_kernel *kernel = atomic_load_explicit(&best, memory_order_relaxed);
    if (!kernel) {
        kernel = csha1_kernel_at(0);
        atomic_store_explicit(&best, kernel, memory_order_relaxed);
    }
    return kernel;
}

static void begin(csha1_context *context, const struct csha1_kernel *kernel) {
    static const uint32_t initial[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    context->kernel = kernel;
    context->total = 0;
    context->attacked = 0;
    memcpy(context->state, initial, sizeof initial);
}

// Hashes 1 ... 16 blocks.
static void hash_run(csha1_context *context, const uint8_t *blocks, size_t count, bool detects) {
    const struct csha1_kernel *kernel = context->kernel;
    csha1_words words;
    uint32_t states[csha1_run + 1][5], survivors[csha1_run];
    memcpy(states[0], context->state, sizeof states[0]);
    if (detects || kernel->expands) kernel->expand(blocks, count, words);
    kernel->compress(blocks, count, words, states);
    memcpy(context->state, states[count], sizeof states[0]);
    if (!detects) return;
    kernel->screen(words, count, survivors);
    for (size_t n = 0; n < count; n++)
        if (survivors[n] && csha1_has_sister(words, n, states[n], states[n + 1], survivors[n]))
            context->attacked = 1;
}

static void hash(csha1_context *context, const uint8_t *blocks, size_t count, bool detects) {
    for (; count > csha1_run; count -= csha1_run, blocks += pending_limit)
        hash_run(context, blocks, csha1_run, detects);
    if (count) hash_run(context, blocks, count, detects);
}

// Blocks are kept until there is a full run, as 16 cost little more than one.
static void add(csha1_context *context, const void *bytes, size_t count, bool detects) {
    uint8_t *pending = (uint8_t *)context->pending;
    const uint8_t *rest = bytes;
    size_t held = context->total % pending_limit;
    context->total += count;
    if (held && held + count >= pending_limit) {
        memcpy(pending + held, rest, pending_limit - held);
        hash(context, pending, csha1_run, detects);
        rest += pending_limit - held;
        count -= pending_limit - held;
        held = 0;
    }
    if (count >= pending_limit) {
        size_t whole = count / pending_limit * pending_limit;
        hash(context, rest, whole / csha1_block, detects);
        rest += whole;
        count -= whole;
    }
    if (count) memcpy(pending + held, rest, count);
}

// The padding (FIPS 180-4 §5.1.1): a one bit, zeros, and the length in bits in the last eight bytes of a block.
static void end(csha1_context *context, uint8_t digest[20], bool detects) {
    uint8_t *pending = (uint8_t *)context->pending;
    size_t held = context->total % pending_limit;
    size_t padded = (held + 9 + csha1_block - 1) / csha1_block * csha1_block;
    pending[held] = 0x80;
    memset(pending + held + 1, 0, padded - 8 - held - 1);
    for (int i = 0; i < 8; i++) pending[padded - 8 + i] = (uint8_t)(context->total * 8 >> (56 - 8 * i));
    hash(context, pending, padded / csha1_block, detects);
    for (int i = 0; i < 20; i++) digest[i] = (uint8_t)(context->state[i / 4] >> (24 - i % 4 * 8));
}

void csha1_begin(csha1_context *context) {
    begin(context, best_kernel());
}

void csha1_add(csha1_context *context, const void *bytes, size_t count) {
    add(context, bytes, count, true);
}

bool csha1_end(csha1_context *context, uint8_t digest[20]) {
    end(context, digest, true);
    return !context->attacked;
}

void csha1_plain_begin(csha1_context *context) {
    begin(context, best_kernel());
}

void csha1_plain_add(csha1_context *context, const void *bytes, size_t count) {
    add(context, bytes, count, false);
}

void csha1_plain_end(csha1_context *context, uint8_t digest[20]) {
    end(context, digest, false);
}

const char *csha1_variant(void) {
    return best_kernel()->name;
}

bool csha1_begin_variant(csha1_context *context, size_t index) {
    const struct csha1_kernel *kernel = csha1_kernel_at(index);
    if (kernel) begin(context, kernel);
    return kernel != NULL;
}
