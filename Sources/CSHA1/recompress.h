#ifndef CSHA1_RECOMPRESS_H
#define CSHA1_RECOMPRESS_H

#include "kernel.h"
#include <stdbool.h>

// Whether block n of a run, leading from the state `before` to the state `after`, has a sister that a collision attack
// with one of the vectors in `candidates` would pair it with.
bool csha1_has_sister(
    csha1_words words, size_t n, const uint32_t before[5], const uint32_t after[5], uint32_t candidates);

#endif
