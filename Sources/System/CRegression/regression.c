#include "CRegression.h"

#include <CKernels.h>
#include <math.h>

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONES
#endif
#define INLINE static inline __attribute__((always_inline))

/* Rows and samples are taken in tiles whose running sums fit in the registers; tiles at the ends are smaller. */
enum { LANES = 4, SAMPLES = 4, ROWS = 3, VECTORS = 4 };
typedef double reals __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double)), may_alias));
#define LOAD(p) (*(const reals *)(p))

INLINE void scores_tile(const double *x, const double *weights, double *scores, size_t samples, size_t tile, size_t count,
                        size_t n) {
  reals sums[SAMPLES][ROWS] = {{{0}}};
  const size_t whole = n - n % LANES;
  for (size_t j = 0; j < whole; j += LANES) {
    for (size_t i = 0; i < samples; i++) {
      for (size_t k = 0; k < tile; k++) sums[i][k] += LOAD(x + i * n + j) * LOAD(weights + k * n + j);
    }
  }
  for (size_t i = 0; i < samples; i++) {
    for (size_t k = 0; k < tile; k++) {
      double sum = (sums[i][k][0] + sums[i][k][2]) + (sums[i][k][1] + sums[i][k][3]);
      for (size_t j = whole; j < n; j++) sum += x[i * n + j] * weights[k * n + j];
      scores[k * count + i] = sum;
    }
  }
}

INLINE void scores_rows(const double *x, const double *weights, double *scores, size_t tile, size_t count, size_t n) {
  size_t i = 0;
  for (; i + SAMPLES <= count; i += SAMPLES) scores_tile(x + i * n, weights, scores + i, SAMPLES, tile, count, n);
  for (; i < count; i++) scores_tile(x + i * n, weights, scores + i, 1, tile, count, n);
}

CLONES void ocr_scores_f64(const double *restrict x, const double *restrict weights, double *restrict scores, size_t count,
                           size_t rows, size_t n) {
  size_t k = 0;
  for (; k + ROWS <= rows; k += ROWS) scores_rows(x, weights + k * n, scores + k * count, ROWS, count, n);
  if (rows - k == 2) scores_rows(x, weights + k * n, scores + k * count, 2, count, n);
  if (rows - k == 1) scores_rows(x, weights + k * n, scores + k * count, 1, count, n);
}

INLINE void gradient_tile(const double *x, const double *slopes, double *gradient, size_t count, size_t tile,
                          size_t vectors, size_t n) {
  reals sums[ROWS][VECTORS];
  for (size_t k = 0; k < tile; k++) {
    for (size_t v = 0; v < vectors; v++) sums[k][v] = LOAD(gradient + k * n + v * LANES);
  }
  for (size_t i = 0; i < count; i++) {
    for (size_t k = 0; k < tile; k++) {
      for (size_t v = 0; v < vectors; v++) sums[k][v] += slopes[k * count + i] * LOAD(x + i * n + v * LANES);
    }
  }
  for (size_t k = 0; k < tile; k++) {
    for (size_t v = 0; v < vectors; v++) *(reals *)(gradient + k * n + v * LANES) = sums[k][v];
  }
}

INLINE void gradient_rows(const double *x, const double *slopes, double *gradient, size_t count, size_t tile, size_t n) {
  size_t j = 0;
  for (; j + VECTORS * LANES <= n; j += VECTORS * LANES) {
    gradient_tile(x + j, slopes, gradient + j, count, tile, VECTORS, n);
  }
  for (; j + LANES <= n; j += LANES) gradient_tile(x + j, slopes, gradient + j, count, tile, 1, n);
  for (; j < n; j++) {
    for (size_t k = 0; k < tile; k++) {
      double sum = gradient[k * n + j];
      for (size_t i = 0; i < count; i++) sum += slopes[k * count + i] * x[i * n + j];
      gradient[k * n + j] = sum;
    }
  }
}

CLONES void ocr_add_gradient_f64(const double *restrict x, const double *restrict slopes, double *restrict gradient,
                                 size_t count, size_t rows, size_t n) {
  size_t k = 0;
  for (; k + ROWS <= rows; k += ROWS) gradient_rows(x, slopes + k * count, gradient + k * n, count, ROWS, n);
  if (rows - k == 2) gradient_rows(x, slopes + k * count, gradient + k * n, count, 2, n);
  if (rows - k == 1) gradient_rows(x, slopes + k * count, gradient + k * n, count, 1, n);
}

CLONES double ocr_softmax_f64(double *restrict scores, const double *restrict biases, const ptrdiff_t *restrict labels,
                              const double *restrict weights, size_t count, size_t rows, double *restrict scratch,
                              double *restrict slopes) {
  double *largest = scratch, *total = scratch + count;
  for (size_t i = 0; i < count; i++) {
    largest[i] = -INFINITY;
    total[i] = 0;
  }
  for (size_t k = 0; k < rows; k++) {
    for (size_t i = 0; i < count; i++) {
      const double score = scores[k * count + i] + biases[k];
      scores[k * count + i] = score;
      largest[i] = largest[i] < score ? score : largest[i];
    }
  }
  for (size_t k = 0; k < rows; k++) {
    for (size_t i = 0; i < count; i++) scores[k * count + i] -= largest[i];
  }
  double loss = 0;
  for (size_t i = 0; i < count; i++) loss -= weights[labels[i]] * scores[(size_t)labels[i] * count + i];
  ofk_map_f64(OFK_EXP, scores, scores, count * rows, 0, 0);
  for (size_t k = 0; k < rows; k++) {
    for (size_t i = 0; i < count; i++) total[i] += scores[k * count + i];
  }
  /* The logarithm of a product, of at most rows^count, is cheaper than the sum of logarithms. */
  double product = 1, common = 0;
  for (size_t i = 0; i < count; i++) {
    const double weight = weights[labels[i]];
    if (weight != common) {
      loss += common * log(product);
      common = weight;
      product = 1;
    }
    product *= total[i];
    total[i] = weight / total[i];
  }
  loss += common * log(product);
  for (size_t k = 0; k < rows; k++) {
    for (size_t i = 0; i < count; i++) {
      scores[k * count + i] *= total[i];
      slopes[k] += scores[k * count + i];
    }
  }
  for (size_t i = 0; i < count; i++) {
    scores[(size_t)labels[i] * count + i] -= weights[labels[i]];
    slopes[labels[i]] -= weights[labels[i]];
  }
  return loss;
}
