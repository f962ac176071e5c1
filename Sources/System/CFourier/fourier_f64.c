#define REAL double
#define FN(name) name##_f64
#include "fourier.inc"
