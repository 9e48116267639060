// What every processor of the architecture has: SSE2 on x86-64, NEON on aarch64, else whatever the compiler makes of
// it.

#define KERNEL_NAME(function) csha1_##function##_baseline
#define WIDEST 4
#include "kernel_parts.h"
