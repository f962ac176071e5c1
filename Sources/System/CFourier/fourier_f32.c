#define REAL float
#define FN(name) name##_f32
#include "fourier.inc"
