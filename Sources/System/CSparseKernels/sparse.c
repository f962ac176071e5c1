#include "CSparseKernels.h"

#include <math.h>

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONES
#endif

#define REAL float
#define FN(name) name##_f32
#include "sparse.inc"
#undef REAL
#undef FN
#define REAL double
#define FN(name) name##_f64
#include "sparse.inc"

/* Eight running sums, added up in pairs. */
static inline __attribute__((always_inline)) double total(const double s[8]) {
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

CLONES double ock_dot_f64(const double *x, const double *y, size_t n) {
  double s[8] = {0};
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (size_t j = 0; j < 8; j++) s[j] += x[i + j] * y[i + j];
  }
  for (size_t j = 0; i < n; i++, j++) s[j] += x[i] * y[i];
  return total(s);
}

CLONES double ock_cg_step_f64(double a, const double *restrict p, const double *restrict q, double *restrict x,
                              double *restrict r, size_t n) {
  double s[8] = {0};
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (size_t j = 0; j < 8; j++) {
      x[i + j] += a * p[i + j];
      const double rest = r[i + j] - a * q[i + j];
      r[i + j] = rest;
      s[j] += rest * rest;
    }
  }
  for (size_t j = 0; i < n; i++, j++) {
    x[i] += a * p[i];
    r[i] -= a * q[i];
    s[j] += r[i] * r[i];
  }
  return total(s);
}

CLONES void ock_direction_f64(double b, const double *restrict z, double *restrict p, size_t n) {
  for (size_t i = 0; i < n; i++) p[i] = z[i] + b * p[i];
}

void ock_ic_solve_f64(const int64_t *restrict starts, const int32_t *restrict columns, const double *restrict values,
                      const double *restrict inverse, const double *restrict r, double *restrict z, size_t n) {
  for (size_t i = 0; i < n; i++) {
    double sum = r[i];
    for (int64_t k = starts[i]; k < starts[i + 1] - 1; k++) sum -= values[k] * z[columns[k]];
    z[i] = sum * inverse[i];
  }
  for (size_t i = n; i-- > 0;) {
    const double value = z[i] * inverse[i];
    z[i] = value;
    for (int64_t k = starts[i]; k < starts[i + 1] - 1; k++) z[columns[k]] -= values[k] * value;
  }
}

size_t ock_ic_factor_f64(const int64_t *starts, const int32_t *columns, double *values, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const int64_t end = starts[i + 1] - 1;
    double pivot = values[end];
    for (int64_t k = starts[i]; k < end; k++) {
      const int32_t j = columns[k];
      const int64_t last = starts[j + 1] - 1;
      double sum = values[k];
      int64_t a = starts[i], b = starts[j];
      while (a < k && b < last) {
        if (columns[a] == columns[b]) sum -= values[a++] * values[b++];
        else if (columns[a] < columns[b]) a++;
        else b++;
      }
      values[k] = sum / values[last];
      pivot -= values[k] * values[k];
    }
    if (!(pivot > 0)) return i + 1;
    values[end] = sqrt(pivot);
  }
  return 0;
}
