// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011) and what follows it.
//
// Nothing here may be contracted to fused multiply-adds: numbers must be equal on every machine.
#pragma clang fp contract(off)
#include "common.h"

typedef struct { uint32_t v[4]; } block;

OFK_INLINE block philox(uint64_t key, uint64_t stream, uint64_t counter) {
  block c = {{(uint32_t)counter, (uint32_t)(counter >> 32), (uint32_t)stream, (uint32_t)(stream >> 32)}};
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; round++) {
    const uint64_t a = (uint64_t)0xD2511F53u * c.v[0], b = (uint64_t)0xCD9E8D57u * c.v[2];
    c = (block){{(uint32_t)(b >> 32) ^ c.v[1] ^ k0, (uint32_t)b, (uint32_t)(a >> 32) ^ c.v[3] ^ k1, (uint32_t)a}};
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return c;
}

OFK_CLONES void ofk_philox(uint64_t key, uint64_t stream, uint64_t first, uint32_t *out, size_t blocks) {
  for (size_t i = 0; i < blocks; i++) {
    const block b = philox(key, stream, first + i);
    for (int k = 0; k < 4; k++) out[4 * i + k] = b.v[k];
  }
}

OFK_INLINE double unit(uint32_t low, uint32_t high) {
  return (double)(int64_t)((((uint64_t)high << 32) | low) >> 11) * 0x1p-53;
}

OFK_CLONES void ofk_uniform(uint64_t key, uint64_t stream, uint64_t first, double *out, size_t blocks) {
  for (size_t i = 0; i < blocks; i++) {
    const block b = philox(key, stream, first + i);
    out[2 * i] = unit(b.v[0], b.v[1]);
    out[2 * i + 1] = unit(b.v[2], b.v[3]);
  }
}

OFK_INLINE double portable_log(double x) {
  union { double f; int64_t i; } u = {x};
  const int64_t shifted = u.i - 0x3FE6A09E667F3BCD;
  const double e = (double)(int32_t)(shifted >> 52);
  u.i = (shifted & 0x000FFFFFFFFFFFFF) + 0x3FE6A09E667F3BCD;
  const double s = (u.f - 1) / (u.f + 1), z = s * s;
  double p = 2.0 / 21;
  p = p * z + 2.0 / 19;
  p = p * z + 2.0 / 17;
  p = p * z + 2.0 / 15;
  p = p * z + 2.0 / 13;
  p = p * z + 2.0 / 11;
  p = p * z + 2.0 / 9;
  p = p * z + 2.0 / 7;
  p = p * z + 2.0 / 5;
  p = p * z + 2.0 / 3;
  return e * 0.693147180369123816490 + (s * 2 + (s * z * p + e * 1.90821492927058770002e-10));
}

OFK_INLINE double portable_exp(double x) {
  const double k = __builtin_rint(x * 1.4426950408889634);
  const double r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
  double p = 1;
  for (int i = 14; i > 0; i--) p = 1 + p * r / i;
  union { int64_t i; double f; } scale = {((int64_t)(int32_t)k + 1023) << 52};
  return p * scale.f;
}

double ofk_portable_log(double x) { return x > 0 ? portable_log(x) : -INFINITY; }
double ofk_portable_exp(double x) { return x < -708 ? 0 : x > 709 ? INFINITY : portable_exp(x); }

OFK_CLONES void ofk_normal(uint64_t key, uint64_t stream, uint64_t first, double *out, size_t blocks) {
  for (size_t i = 0; i < blocks; i++) {
    const block b = philox(key, stream, first + i);
    // 1 - u lies in (0, 1]; the angle is 2 pi v, cut into quarters around the axes.
    const double radius = __builtin_sqrt(-2 * portable_log(1 - unit(b.v[0], b.v[1])));
    const double turn = 4 * unit(b.v[2], b.v[3]), quarter = __builtin_rint(turn);
    const double a = (turn - quarter) * 1.57079632679489661923, z = a * a;
    double s = 1 - z / 342;
    double c = 1 - z / 306;
    s = 1 - z / 272 * s; c = 1 - z / 240 * c;
    s = 1 - z / 210 * s; c = 1 - z / 182 * c;
    s = 1 - z / 156 * s; c = 1 - z / 132 * c;
    s = 1 - z / 110 * s; c = 1 - z / 90 * c;
    s = 1 - z / 72 * s; c = 1 - z / 56 * c;
    s = 1 - z / 42 * s; c = 1 - z / 30 * c;
    s = 1 - z / 20 * s; c = 1 - z / 12 * c;
    s = a * (1 - z / 6 * s); c = 1 - z / 2 * c;
    const int q = (int)quarter & 3;
    const double cosine = q == 0 ? c : q == 1 ? -s : q == 2 ? -c : s;
    const double sine = q == 0 ? s : q == 1 ? c : q == 2 ? -s : -c;
    out[2 * i] = radius * cosine;
    out[2 * i + 1] = radius * sine;
  }
}
