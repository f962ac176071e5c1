/* Inner loops over sparse matrices in compressed rows, and the vector steps of conjugate gradients.
 *
 * Rows i have entries starts[i] ..< starts[i + 1] of columns and values. Nothing allocates, nothing is global, and no two
 * arguments may overlap unless it is said. Vectors are as wide as the processor allows (chosen when the library is loaded);
 * sums are taken in eight parts, in a fixed order for every processor. */
#ifndef CSPARSEKERNELS_H
#define CSPARSEKERNELS_H

#include <stddef.h>
#include <stdint.h>

#define OCK_DECLARE(REAL, SUFFIX)                                                                                       \
  /* y[i] = sum_k values[k] x[columns[k]] for rows first ..< last. */                                                    \
  void ock_spmv_##SUFFIX(const int64_t *starts, const int32_t *columns, const REAL *values, const REAL *x, REAL *y,      \
                         size_t first, size_t last);                                                                    \
  /* y[i, 0 ..< width] = sum_k values[k] x[columns[k], 0 ..< width], rows of both row after row. */                      \
  void ock_spmm_##SUFFIX(const int64_t *starts, const int32_t *columns, const REAL *values, const REAL *x, REAL *y,      \
                         size_t width, size_t first, size_t last);

OCK_DECLARE(float, f32)
OCK_DECLARE(double, f64)

#undef OCK_DECLARE

/* sum_i x[i] y[i]; x and y may be the same. */
double ock_dot_f64(const double *x, const double *y, size_t n);
/* x += a p, r -= a q; returns the new sum of r[i]^2. */
double ock_cg_step_f64(double a, const double *p, const double *q, double *x, double *r, size_t n);
/* p = z + b p. */
void ock_direction_f64(double b, const double *z, double *p, size_t n);
/* Lower and then transposed upper solve with the factor of an incomplete Cholesky factorization in compressed rows, whose
 * diagonal is the last entry of a row: z = L^-T L^-1 r; inverse holds 1 / diagonal. */
void ock_ic_solve_f64(const int64_t *starts, const int32_t *columns, const double *values, const double *inverse,
                      const double *r, double *z, size_t n);
/* Incomplete Cholesky factor without fill, in place, of the lower triangle in compressed rows with columns in rising
 * order and the diagonal last. Returns 0, or i + 1 for the first row i whose pivot is not positive. */
size_t ock_ic_factor_f64(const int64_t *starts, const int32_t *columns, double *values, size_t n);

#endif
