#include "CAssignment.h"

#include <math.h>

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONES
#endif

/* Lane j of block b stands for place LANES b + j. */
enum { LANES = 8 };
typedef double reals __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double)), may_alias));
typedef int64_t places __attribute__((vector_size(LANES * sizeof(int64_t)), aligned(sizeof(int64_t)), may_alias));

#define LOAD(p) (*(const reals *)(p))
#define ALL(x) ((reals){0} + (x))
#define FIRST_PLACES ((places){0, 1, 2, 3, 4, 5, 6, 7})

/* a where the condition holds, else b, bit by bit: compilers make a blend of it. */
#define CHOOSE(c, a, b) (((c) & (places)(a)) | (~(c) & (places)(b)))

CLONES size_t oca_two_smallest_f64(const double *restrict costs, const double *restrict prices, size_t n, double two[2]) {
  reals least = ALL(INFINITY), next = least;
  places place = {0}, here = FIRST_PLACES;
  const size_t whole = n - n % LANES;
  for (size_t j = 0; j < whole; j += LANES, here += LANES) {
    const reals value = LOAD(costs + j) - LOAD(prices + j);
    const places lower = value < least;
    const reals higher = (reals)CHOOSE(lower, least, value);
    next = (reals)CHOOSE(higher < next, higher, next);
    least = (reals)CHOOSE(lower, value, least);
    place = CHOOSE(lower, here, place);
  }
  double first = INFINITY, second = INFINITY;
  size_t found = 0;
  for (size_t lane = 0; lane < LANES; lane++) {
    const double value = least[lane];
    if (value < first) {
      second = next[lane] < first ? next[lane] : first;
      first = value;
      found = (size_t)place[lane];
    } else if (value < second) {
      second = value;
    }
  }
  for (size_t j = whole; j < n; j++) {
    const double value = costs[j] - prices[j];
    if (value < first) {
      second = first;
      first = value;
      found = j;
    } else if (value < second) {
      second = value;
    }
  }
  two[0] = first;
  two[1] = second;
  return found;
}

CLONES size_t oca_relax_f64(double base, const double *restrict costs, const double *restrict prices,
                            double *restrict distances, int64_t *restrict before, int64_t row, size_t n) {
  reals least = ALL(INFINITY);
  places place = {0}, here = FIRST_PLACES;
  const places rows = (places){0} + row;
  const size_t whole = n - n % LANES;
  for (size_t j = 0; j < whole; j += LANES, here += LANES) {
    const reals length = base + (LOAD(costs + j) - LOAD(prices + j));
    const reals known = LOAD(distances + j);
    const places shorter = length < known;
    const reals distance = (reals)CHOOSE(shorter, length, known);
    *(reals *)(distances + j) = distance;
    *(places *)(before + j) = CHOOSE(shorter, rows, *(const places *)(before + j));
    const places lower = distance < least;
    least = (reals)CHOOSE(lower, distance, least);
    place = CHOOSE(lower, here, place);
  }
  double first = INFINITY;
  size_t found = 0;
  for (size_t lane = 0; lane < LANES; lane++) {
    if (least[lane] < first) {
      first = least[lane];
      found = (size_t)place[lane];
    }
  }
  for (size_t j = whole; j < n; j++) {
    const double length = base + (costs[j] - prices[j]);
    if (length < distances[j]) {
      distances[j] = length;
      before[j] = row;
    }
    if (distances[j] < first) {
      first = distances[j];
      found = j;
    }
  }
  return found;
}
