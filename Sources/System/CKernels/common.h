// What all kernels share: versions by instruction set, and loops that may be vectorised although arrays may be equal.
#ifndef OFK_COMMON_H
#define OFK_COMMON_H
#include <math.h>
#include <string.h>
#include "CKernels.h"

#if defined(__x86_64__)
#define OFK_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define OFK_CLONES
#endif
// Loops that call the C library stay as they are.
#pragma clang diagnostic ignored "-Wpass-failed"
#define OFK_INLINE static inline __attribute__((always_inline))
#define OFK_VECTOR _Pragma("clang loop vectorize(assume_safety)")
#endif
