#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2"))), apply_to = function)

#define KERNEL_NAME(function) csha1_##function##_avx2
#define WIDEST 8
#include "kernel_parts.h"

#pragma clang attribute pop

#endif
