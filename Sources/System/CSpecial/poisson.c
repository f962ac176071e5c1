#include "CSpecial.h"

#include <string.h>

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONES
#endif

typedef double eight __attribute__((vector_size(64), aligned(8)));

CLONES void ocs_poisson_means_f64(const double y[8], size_t start, size_t stop, const double *table, size_t first,
                                  size_t count, double out[8]) {
  eight mean, weight, weights, sum;
  memcpy(&mean, y, sizeof mean);
  weight = mean * 0 + 1;
  weights = sum = mean * 0;
  const size_t end = stop + 1, rise = first < end ? first : end, top = first + count < end ? first + count : end;
  size_t k = start;
  for (; k < rise; k++) {
    weights += weight;
    weight *= mean * (1 / (double)(k + 1));
  }
  for (; k < top; k++) {
    weights += weight;
    sum += weight * table[k - first];
    weight *= mean * (1 / (double)(k + 1));
  }
  for (; k < end; k++) {
    weights += weight;
    sum += weight;
    weight *= mean * (1 / (double)(k + 1));
  }
  sum /= weights;
  memcpy(out, &sum, sizeof sum);
}
