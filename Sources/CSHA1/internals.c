#include "include/CSHA1Internals.h"
#include "kernel.h"
#include "recompress.h"
#include "vectors.h"
#include <string.h>

const char *csha1_variant_name(size_t index) {
    const struct csha1_kernel *kernel = csha1_kernel_at(index);
    return kernel ? kernel->name : NULL;
}

void csha1_screen(const csha1_context *context, const uint8_t *blocks, size_t count, uint32_t survivors[16]) {
    csha1_words words;
    context->kernel->expand(blocks, count, words);
    context->kernel->screen(words, count, survivors);
}

bool csha1_recompress(
    const csha1_context *context, const uint8_t *blocks, size_t count, size_t n, const uint32_t before[5],
    const uint32_t after[5], uint32_t candidates) {
    csha1_words words;
    context->kernel->expand(blocks, count, words);
    return csha1_has_sister(words, n, before, after, candidates);
}

static const struct condition {
    int i, a, j, b, x;
    uint32_t vectors;
} conditions[] = {
#define CONDITION(i, a, j, b, x, vectors) {i, a, j, b, x, vectors},
#include "conditions.h"
#undef CONDITION
};

size_t csha1_condition_count(void) {
    return sizeof conditions / sizeof conditions[0];
}

int csha1_condition(size_t index, int word[2], int bit[2], uint32_t *vectors) {
    const struct condition *condition = &conditions[index];
    word[0] = condition->i;
    word[1] = condition->j;
    bit[0] = condition->a;
    bit[1] = condition->b;
    *vectors = condition->vectors;
    return condition->x;
}

void csha1_vector(size_t index, int *type, int *position, int *rotation, uint32_t differences[80]) {
    const struct csha1_vector *vector = &csha1_vectors[index];
    *type = vector->type;
    *position = vector->position;
    *rotation = vector->rotation;
    memcpy(differences, csha1_differences(vector), 80 * sizeof differences[0]);
}
