/* Inner loops of special functions.
 *
 * Nothing allocates, nothing is global; no two arguments may overlap. Vectors are as wide as the processor allows (chosen
 * when the library is loaded). */
#ifndef CSPECIAL_H
#define CSPECIAL_H

#include <stddef.h>

/* Means of a table under eight Poisson laws with means y[0 ... 7]: out = sum_k w_k t_k / sum_k w_k, k = start ... stop,
 * w_k = y^k / k! up to a factor; t_k is 0 below first, table[k - first] for count entries from there, and 1 above.
 * The caller chooses start ... stop so that w stays in range: from w_start = 1 it must not overflow. */
void ocs_poisson_means_f64(const double y[8], size_t start, size_t stop, const double *table, size_t first, size_t count,
                           double out[8]);

#endif
