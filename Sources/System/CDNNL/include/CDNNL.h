// Matrix products and convolutions of floats by oneDNN, and loops on the threads that oneDNN itself uses.
//
// The header names nothing of oneDNN, so that who imports it needs no header of that library.
#ifndef CDNNL_H
#define CDNNL_H
#include <stddef.h>
#include <stdint.h>

// C = alpha op(A) op(B) + beta C, all row-major; op transposes where asked. Returns 0 on success.
int ofd_gemm(int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const float *a, int64_t lda,
    const float *b, int64_t ldb, float beta, float *c, int64_t ldc);

// Calls body(context, 0) ... body(context, chunks - 1), shared among the threads; returns when all are done.
void ofd_parallel(size_t chunks, void (*body)(void *, size_t), void *context);
// Calls body(context) on `count` threads at once, the calling one among them; loops inside stay on their thread.
void ofd_workers(size_t count, void (*body)(void *), void *context);
int ofd_threads(void);
void ofd_set_threads(int count);
int ofd_in_parallel(void);

// A convolution over 1 to 3 axes; arrays are [batch, channels, axes...] and weights [out, in / groups, axes...].
typedef struct {
  int axes, bias;
  int64_t batch, input_channels, output_channels, groups;
  int64_t input[3], output[3], kernel[3], stride[3], dilation[3], low[3], high[3];
} ofd_shape;

enum { OFD_FORWARD, OFD_INPUT_GRADIENT, OFD_WEIGHT_GRADIENT };

typedef struct ofd_convolution ofd_convolution;

// Prepares a convolution for one shape, for use from any thread; null where oneDNN cannot do it.
ofd_convolution *ofd_convolution_make(const ofd_shape *shape, int kind);
// Bytes of working memory that a run needs, aligned to 64.
size_t ofd_convolution_workspace(const ofd_convolution *convolution);
// FORWARD: first = input, second = weights, bias or null, result = output.
// INPUT_GRADIENT: first = output's gradient, second = weights, result = input's gradient.
// WEIGHT_GRADIENT: first = input, second = output's gradient, result = weights' gradient, bias_result where shape.bias.
// Returns 0 on success.
int ofd_convolution_run(const ofd_convolution *convolution, const float *first, const float *second, const float *bias,
    float *result, float *bias_result, void *workspace);
#endif
