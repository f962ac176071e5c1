/* Inner loops of the assignment problem over one row of costs.
 *
 * Nothing allocates, nothing is global, and no two arguments may overlap. Vectors are as wide as the processor allows (chosen
 * when the library is loaded); comparisons and single differences only, so that every processor finds the same. */
#ifndef CASSIGNMENT_H
#define CASSIGNMENT_H

#include <stddef.h>
#include <stdint.h>

/* Place of the smallest of n costs[j] - prices[j], n > 0; two[0] is that value, two[1] the smallest at other places (infinity
 * where there is none). */
size_t oca_two_smallest_f64(const double *costs, const double *prices, size_t n, double two[2]);

/* A step of Dijkstra's search: where base + (costs[j] - prices[j]) is below distances[j] it becomes the distance and row
 * becomes before[j]. Columns with a price of minus infinity are not reached. Returns the place of the smallest distance. */
size_t oca_relax_f64(double base, const double *costs, const double *prices, double *distances, int64_t *before,
                     int64_t row, size_t n);

#endif
