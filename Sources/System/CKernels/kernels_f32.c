#define REAL float
#define FN(name) name##_f32
#define M(name) name##f
#include "attention.inc"
#include "elementwise.inc"
#include "products.inc"
#include "reductions.inc"
#include "heads.inc"
#include "rectified.inc"
#include "normalization.inc"
#include "sequences.inc"
