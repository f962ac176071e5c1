/* What linear classifiers of few classes need: products of many samples with few rows of weights, for which libraries would
 * spend more on the preparation than on the work, and losses.
 *
 * Arrays are contiguous, row after row: x[count, n], weights and gradient [rows, n], scores and slopes [rows, count].
 * Nothing allocates, nothing is global, and no two arguments may overlap. Vectors are as wide as the processor allows (chosen
 * when the library is loaded). */
#ifndef CREGRESSION_H
#define CREGRESSION_H

#include <stddef.h>

/* scores[k, i] = sum_j x[i, j] weights[k, j], in four running sums. */
void ocr_scores_f64(const double *x, const double *weights, double *scores, size_t count, size_t rows, size_t n);

/* gradient[k, j] += sum_i slopes[k, i] x[i, j]; a few dozen samples a call, which then stay in the nearest cache. */
void ocr_add_gradient_f64(const double *x, const double *slopes, double *gradient, size_t count, size_t rows, size_t n);

/* Softmax losses of samples with labels in 0 ..< rows, -weights[label] log softmax(scores + biases)[label], added up; the
 * scores become the derivatives by them, whose sums over the samples are added to slopes[rows]. scratch holds 2 count values;
 * rows^count must be a double. */
double ocr_softmax_f64(double *scores, const double *biases, const ptrdiff_t *labels, const double *weights, size_t count,
                       size_t rows, double *scratch, double *slopes);

#endif
