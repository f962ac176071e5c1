/* Fast Fourier transform kernels: Stockham passes on split complex numbers, and the steps around them.
 *
 * All arrays are contiguous; no two arguments may overlap unless it is said. Nothing allocates, nothing is global.
 * A complex array is two arrays, its real and its imaginary parts; a transform with the opposite sign is the same call with
 * the two parts exchanged. Vectors are as wide as the processor allows (chosen when the library is loaded). */
#ifndef CFOURIER_H
#define CFOURIER_H

#include <stddef.h>

#define OFC_DECLARE(REAL, SUFFIX)                                                                                       \
  /* One Stockham pass, decimation in frequency, radix 2, 3, 4, 5, 7, 8, 11 or 13, of a transform of length radix * m    \
   * over s interleaved sequences: y[q + s (k + radix p)] = w_p^k sum_j x[q + s (p + m j)] exp(-2 pi i j k / radix).     \
   * w holds w_p^k at [(k - 1) m + p], k = 1 ..< radix. Returns 0, or -1 for a radix that is not known. */               \
  int ofc_pass_##SUFFIX(size_t radix, const REAL *xr, const REAL *xi, REAL *yr, REAL *yi, size_t m, size_t s,           \
                        const REAL *wr, const REAL *wi);                                                                \
  /* From z, the transform of length h of x[2j] + i x[2j+1], to the h + 1 first values of the transform of x; s           \
   * interleaved sequences. w holds exp(-pi i k / h), k = 0 ... h. y may not overlap z. */                               \
  void ofc_unpack_real_##SUFFIX(const REAL *zr, const REAL *zi, REAL *yr, REAL *yi, size_t h, size_t s,                 \
                                const REAL *wr, const REAL *wi);                                                        \
  /* The way back, times 2: from h + 1 values x of a Hermitian spectrum to z, whose inverse gives the sequence packed. */\
  void ofc_pack_real_##SUFFIX(const REAL *xr, const REAL *xi, REAL *zr, REAL *zi, size_t h, size_t s, const REAL *wr,   \
                              const REAL *wi);                                                                          \
  /* z = a * b, elementwise complex product over n values; z may be a. */                                                \
  void ofc_multiply_##SUFFIX(const REAL *ar, const REAL *ai, const REAL *br, const REAL *bi, REAL *zr, REAL *zi,        \
                             size_t n);                                                                                 \
  /* Interleaved pairs to two arrays, n values each; and back, with a factor. */                                         \
  void ofc_split_##SUFFIX(const REAL *pairs, REAL *re, REAL *im, size_t n);                                             \
  void ofc_join_##SUFFIX(const REAL *re, const REAL *im, REAL *pairs, size_t n, REAL factor);                           \
  /* rows sequences of length n, row after row (distance stride), to lanes: y[j lanes + r] = x[r stride + j]; lanes at    \
   * and after rows are zero. And back, with a factor. */                                                                \
  void ofc_gather_##SUFFIX(const REAL *x, size_t stride, size_t rows, REAL *y, size_t lanes, size_t n);                 \
  void ofc_scatter_##SUFFIX(const REAL *y, size_t lanes, REAL *x, size_t stride, size_t rows, size_t n, REAL factor);   \
  /* The same for pairs: even entries of a row go to re, odd ones to im; n pairs a row. */                               \
  void ofc_gather_pairs_##SUFFIX(const REAL *x, size_t stride, size_t rows, REAL *re, REAL *im, size_t lanes, size_t n);\
  void ofc_scatter_pairs_##SUFFIX(const REAL *re, const REAL *im, size_t lanes, REAL *x, size_t stride, size_t rows,    \
                                  size_t n, REAL factor);                                                               \
  /* Frames y of n values, row after row, of x at distance stride, times a window w; and frames times w added into x. */  \
  void ofc_windowed_##SUFFIX(const REAL *x, size_t stride, const REAL *w, REAL *y, size_t rows, size_t n);              \
  void ofc_overlap_add_##SUFFIX(const REAL *y, const REAL *w, REAL *x, size_t stride, size_t rows, size_t n);

OFC_DECLARE(float, f32)
OFC_DECLARE(double, f64)

#undef OFC_DECLARE

#endif
