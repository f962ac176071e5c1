// Elementary functions without branches or calls, so that loops over them become vector code.
//
// Float versions are good to two units of the last place; doubles go to the C library, except exp.
#ifndef OFK_FUNCTIONS_H
#define OFK_FUNCTIONS_H
#include "common.h"

OFK_INLINE float exp_f32(float x) {
  float clamped = x < -87.3f ? -87.3f : x > 88.7f ? 88.7f : x;
  float k = __builtin_rintf(clamped * 1.44269504f);
  float r = (clamped - k * 0.693145752f) - k * 1.42860677e-6f;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1;
  p = p * r + 1;
  // Two halves of the power, because 2^128 is no float.
  int32_t n = (int32_t)k, half = n >> 1;
  union { int32_t i; float f; } a = {(half + 127) << 23}, b = {(n - half + 127) << 23};
  float y = p * a.f * b.f;
  y = x > 88.7228f ? INFINITY : y;
  y = x < -103.9f ? 0 : y;
  return x != x ? x : y;
}

OFK_INLINE double exp_f64(double x) {
  double clamped = x < -708 ? -708 : x > 709.7 ? 709.7 : x;
  double k = __builtin_rint(clamped * 1.4426950408889634);
  double r = (clamped - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600;
  p = p * r + 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  int64_t n = (int64_t)(int32_t)k, half = n >> 1;
  union { int64_t i; double f; } a = {(half + 1023) << 52}, b = {(n - half + 1023) << 52};
  double y = p * a.f * b.f;
  y = x > 709.782712893384 ? INFINITY : y;
  y = x < -745.2 ? 0 : y;
  return x != x ? x : y;
}

OFK_INLINE float log_f32(float x) {
  // Subnormal numbers are lifted first.
  float lifted = x < 1.17549435e-38f ? x * 8388608.0f : x;
  union { float f; int32_t i; } u = {lifted};
  int32_t shifted = u.i - 0x3F3504F3;
  float e = (float)(shifted >> 23) - (x < 1.17549435e-38f ? 23.0f : 0.0f);
  u.i = (shifted & 0x007FFFFF) + 0x3F3504F3;
  float s = (u.f - 1) / (u.f + 1), z = s * s;
  float p = 2.0f / 9;
  p = p * z + 2.0f / 7;
  p = p * z + 2.0f / 5;
  p = p * z + 2.0f / 3;
  float y = e * 0.693359375f + (s * 2 + (s * z * p + e * -2.12194440e-4f));
  y = x == 0 ? -INFINITY : y;
  y = x == INFINITY ? x : y;
  return x < 0 || x != x ? NAN : y;
}
OFK_INLINE double log_f64(double x) { return log(x); }

OFK_INLINE float tanh_f32(float x) {
  float z = x * x;
  float p = 21844.0f / 6081075;
  p = p * z - 1382.0f / 155925;
  p = p * z + 62.0f / 2835;
  p = p * z - 17.0f / 315;
  p = p * z + 2.0f / 15;
  p = p * z - 1.0f / 3;
  float small = x + x * z * p;
  float bounded = x > 9 ? 9 : x < -9 ? -9 : x;
  float e = exp_f32(2 * bounded);
  float large = 1 - 2 / (e + 1);
  return x != x ? x : z < 0.25f ? small : large;
}
OFK_INLINE double tanh_f64(double x) { return tanh(x); }

OFK_INLINE float erf_f32(float x) {
  float a = __builtin_fabsf(x), z = x * x;
  float p = 1.0f / 76204800;
  p = p * z - 1.0f / 6894720;
  p = p * z + 1.0f / 685440;
  p = p * z - 1.0f / 75600;
  p = p * z + 1.0f / 9360;
  p = p * z - 1.0f / 1320;
  p = p * z + 1.0f / 216;
  p = p * z - 1.0f / 42;
  p = p * z + 1.0f / 10;
  p = p * z - 1.0f / 3;
  float small = 1.128379167f * (x + x * z * p);
  // Abramowitz and Stegun, Handbook of mathematical functions, 7.1.26.
  float t = 1 / (1 + 0.3275911f * a);
  float q = 1.061405429f;
  q = q * t - 1.453152027f;
  q = q * t + 1.421413741f;
  q = q * t - 0.284496736f;
  q = q * t + 0.254829592f;
  float large = 1 - q * t * exp_f32(-z);
  return a < 1 ? small : x < 0 ? -large : large;
}
OFK_INLINE double erf_f64(double x) { return erf(x); }

// (1 + erf(x)) / 2. Added to one, the formula's error of 1.5e-7 is rounding: it serves near zero too, and small tails are
// not differences.
OFK_INLINE float half_erf_f32(float x) {
  float t = 1 / (1 + 0.3275911f * __builtin_fabsf(x));
  float q = 0.5307027145f;
  q = q * t - 0.7265760135f;
  q = q * t + 0.7107068705f;
  q = q * t - 0.142248368f;
  q = q * t + 0.127414796f;
  float tail = q * t * exp_f32(-(x * x));
  return x < 0 ? tail : 1 - tail;
}
OFK_INLINE double half_erf_f64(double x) { return erfc(-x) / 2; }

OFK_INLINE float sigmoid_f32(float x) { return 1 / (1 + exp_f32(-x)); }
OFK_INLINE double sigmoid_f64(double x) { return 1 / (1 + exp_f64(-x)); }
OFK_INLINE float log1p_small_f32(float e) { return e < 1e-3f ? e - e * e * 0.5f : log_f32(1 + e); }
OFK_INLINE float softplus_f32(float x) { return (x > 0 ? x : 0) + log1p_small_f32(exp_f32(-__builtin_fabsf(x))); }
OFK_INLINE double softplus_f64(double x) { return (x > 0 ? x : 0) + log1p(exp_f64(-fabs(x))); }
#endif
