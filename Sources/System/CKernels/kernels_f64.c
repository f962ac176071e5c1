#define REAL double
#define FN(name) name##_f64
#define M(name) name
#include "attention.inc"
#include "elementwise.inc"
#include "products.inc"
#include "reductions.inc"
#include "heads.inc"
#include "rectified.inc"
#include "normalization.inc"
#include "sequences.inc"
