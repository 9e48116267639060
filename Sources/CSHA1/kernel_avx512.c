#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,bmi,bmi2"))), apply_to = function)

#define KERNEL_NAME(function) csha1_##function##_avx512
#define WIDEST 16
#include "kernel_parts.h"

#pragma clang attribute pop

#endif
