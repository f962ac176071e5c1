// Kernels of the tensor runtime that memory bandwidth bounds, for the vectors that the processor has.
//
// Every function exists for float (`_f32`) and double (`_f64`). None allocates, keeps state or starts threads: the
// caller cuts the work. Unless said otherwise an output may be the same array as an input, but not overlap it in part.
// Sums are added in an unspecified but fixed order for one processor: they do not depend on how work is cut by rows.
#ifndef CKERNELS_H
#define CKERNELS_H
#include <stddef.h>
#include <stdint.h>

enum {
  OFK_NEGATE, OFK_ABS, OFK_SIGN, OFK_SQUARE, OFK_SQRT, OFK_RSQRT, OFK_RECIPROCAL, OFK_EXP, OFK_EXPM1, OFK_LOG, OFK_LOG1P,
  OFK_SIN, OFK_COS, OFK_TANH, OFK_SIGMOID, OFK_RELU, OFK_LEAKY, OFK_ELU, OFK_GELU, OFK_GELU_TANH, OFK_SILU,
  OFK_SOFTPLUS, OFK_ERF, OFK_FLOOR, OFK_ROUND, OFK_POWER, OFK_SHIFT, OFK_SCALE, OFK_CLAMP, OFK_SQUARED_RELU,
};

enum { OFK_ADD, OFK_SUBTRACT, OFK_MULTIPLY, OFK_DIVIDE, OFK_MAXIMUM, OFK_MINIMUM, OFK_POW, OFK_ATAN2 };

enum { OFK_PANEL = 16 };

enum { OFK_SUM, OFK_MAX, OFK_MIN, OFK_PRODUCT };

#define OFK_DECLARE(T, S) \
  /* y[i] = f(x[i]); p and q are the parameters of LEAKY, ELU, POWER, SHIFT, SCALE and CLAMP. */ \
  void ofk_map_##S(int op, const T *x, T *y, size_t n, T p, T q); \
  /* out[i] = g[i] f'(x[i]), given y = f(x). */ \
  void ofk_map_gradient_##S(int op, const T *x, const T *y, const T *g, T *out, size_t n, T p, T q); \
  /* out[i] = a[i] op b[i]; a step of 0 repeats the first value, a step of 1 walks. */ \
  void ofk_zip_##S(int op, const T *a, size_t step_a, const T *b, size_t step_b, T *out, size_t n); \
  /* y[i] += a x[i] */ \
  void ofk_axpy_##S(T a, const T *x, T *y, size_t n); \
  /* Rows of length n: y = x f + s; s moves on by step (0 or n) a row. */ \
  void ofk_multiply_add_##S(const T *x, const T *f, const T *s, size_t step, T *y, size_t rows, size_t n); \
  /* Its gradient g: dx = g f; adds to df and, where it is not null, to that of a repeated s. */ \
  void ofk_multiply_add_gradient_##S(const T *x, const T *f, const T *g, T *dx, T *df, T *ds, size_t rows, size_t n); \
  /* Rows of length n: y += b. */ \
  void ofk_add_rows_##S(T *y, const T *b, size_t rows, size_t n); \
  /* Reduces [outer, n, inner] to [outer, inner]. */ \
  void ofk_reduce_##S(int op, const T *x, T *y, size_t outer, size_t n, size_t inner); \
  double ofk_sum_##S(const T *x, size_t n); \
  double ofk_dot_##S(const T *x, const T *y, size_t n); \
  /* Transposes [rows, columns] to [columns, rows]; no aliasing. */ \
  void ofk_transpose_##S(const T *x, T *y, size_t rows, size_t columns); \
  /* Rows of length n: softmax, its logarithm, and gradients from the results. */ \
  void ofk_softmax_##S(const T *x, T *y, size_t rows, size_t n, int logarithm); \
  void ofk_softmax_gradient_##S(const T *y, const T *g, T *out, size_t rows, size_t n, int logarithm); \
  /* Rows of length n to zero mean and unit variance (or, without center, to unit mean square); times w plus b where
     those are given: w[i / period % affine], where i counts from
     row `first` on. A statistics pair (mean, 1/deviation) a row is kept. With slope given (one
     value, or as many as w) PReLU follows. A PReLU of slope `inner` goes before; 1 makes it the identity. */ \
  void ofk_normalize_##S(const T *x, T *y, T *statistics, size_t first, size_t rows, size_t n, const T *w, \
      const T *b, size_t affine, size_t period, const T *slope, size_t slopes, T inner, T epsilon, int center); \
  /* Gradient of the above for x; adds to those of w, b and slope where given. */ \
  void ofk_normalize_gradient_##S(const T *x, const T *g, const T *statistics, T *out, size_t first, \
      size_t rows, size_t n, const T *w, const T *b, size_t affine, size_t period, const T *slope, size_t slopes, T inner, T *gw, T *gb, \
      T *gslope, T *ginner, int center); \
  /* Mean and variance of one channel of [batch, channels, n]. */ \
  void ofk_channel_moments_##S(const T *x, size_t batch, size_t channels, size_t n, size_t channel, double *out); \
  /* Rows of length n with factor k[r] and summand s[r] each, bent by a leaky ReLU of slope p: y = bend(k x + s). */ \
  void ofk_bend_rows_##S(const T *x, T *y, size_t rows, size_t n, const T *k, const T *s, T p); \
  /* With v the gradient g before the bend: sums[2 r] = sum of v, sums[2 r + 1] = sum of v x. */ \
  void ofk_bend_rows_sums_##S(const T *x, const T *g, size_t rows, size_t n, const T *k, const T *s, T p, double *sums); \
  /* out = slope[r] v + along[r] x + constant[r], with v as above. */ \
  void ofk_bend_rows_gradient_##S(const T *x, const T *g, T *out, size_t rows, size_t n, const T *k, const T *s, T p, \
      const T *slope, const T *along, const T *constant); \
  /* One channel of a depthwise convolution over time: y[t] += sum_k w[k] x[t + k dilation - left]; no aliasing. */ \
  void ofk_depthwise_##S(const T *x, size_t n, const T *w, size_t taps, size_t dilation, ptrdiff_t left, T *y, \
      size_t m); \
  /* gw[k] += sum_t g[t] x[t + k dilation - left] */ \
  void ofk_depthwise_weights_##S(const T *x, size_t n, const T *g, size_t m, size_t taps, size_t dilation, \
      ptrdiff_t left, T *gw); \
  /* Repacks [depth, columns] (or its transpose, given as [columns, depth]) in panels of OFK_PANEL columns, zeros after \
     the last; panels must hold depth times columns rounded up. */ \
  void ofk_pack_##S(const T *x, size_t depth, size_t columns, int transposed, T *panels); \
  /* c [rows, columns] = beta c + a [rows, depth] times packed panels: for few rows, where repacking would cost more. */ \
  void ofk_few_rows_##S(const T *a, const T *panels, T *c, size_t rows, size_t depth, size_t columns, T beta); \
  /* One step of an LSTM on pre-activations [batch, 4 hidden] (i, f, g, o), which become the activations. */ \
  void ofk_lstm_##S(T *gates, const T *c0, T *c, T *tanh_c, T *h, size_t batch, size_t hidden); \
  /* Gradients: gates' pre-activations into dgates; dc is that of c on entry, of c0 on return. */ \
  void ofk_lstm_gradient_##S(const T *gates, const T *c0, const T *tanh_c, const T *dh, T *dc, T *dgates, \
      size_t batch, size_t hidden); \
  /* One step of a GRU: rx, rh [batch, 3 hidden] (r, z, n), bias included; keeps r, z, n in rx and rh's n part. */ \
  void ofk_gru_##S(T *rx, const T *rh, const T *h0, T *h, size_t batch, size_t hidden); \
  void ofk_gru_gradient_##S(const T *rx, const T *rh, const T *h0, const T *dh, T *drx, T *drh, T *dh0, size_t batch, \
      size_t hidden); \
  /* Adam on n values; decay is decoupled (AdamW), l2 is added to the gradient; largest (AMSGrad) may be null. */ \
  void ofk_adam_##S(T *w, const T *g, T *m, T *v, T *largest, size_t n, T rate, T beta1, T beta2, T epsilon, T decay, \
      T l2, T correction1, T correction2, T scale); \
  void ofk_sgd_##S(T *w, const T *g, T *velocity, size_t n, T rate, T momentum, T damping, T l2, int nesterov, T scale); \
  /* rows[i] of x [.., width] to out [n, width], and its adjoint, which adds. */ \
  void ofk_gather_##S(const T *x, const int64_t *rows, T *out, size_t n, size_t width); \
  void ofk_scatter_##S(const T *x, const int64_t *rows, T *out, size_t n, size_t width); \
  /* Frames of length window every hop samples, and the adjoint, which adds. */ \
  void ofk_unfold_##S(const T *x, T *out, size_t frames, size_t window, size_t hop); \
  void ofk_fold_##S(const T *x, T *out, size_t frames, size_t window, size_t hop); \
  /* Causal linear attention of one head: o[t] = sum over r <= t of exp(-slope (t - r)) (q[t] . k[r]) v[r], by blocks; \
     q, k [n, d], v, o [n, e]. state [d, e], where given, is what earlier rows left, and then includes these; slope is \
     not negative. scratch holds as many values as the next function says; no aliasing. */ \
  void ofk_decaying_attention_##S(const T *q, const T *k, const T *v, T *o, T *state, size_t n, size_t d, size_t e, \
      double slope, size_t block, T *scratch); \
  size_t ofk_decaying_attention_scratch_##S(size_t d, size_t e, size_t block); \
  /* Gradients of the above without a state, from that of o; nothing of the forward run is needed. */ \
  void ofk_decaying_attention_gradient_##S(const T *q, const T *k, const T *v, const T *g, T *dq, T *dk, T *dv, \
      size_t n, size_t d, size_t e, double slope, size_t block, T *scratch); \
  /* softmax(q k^T scale) v of one head, rows of q and k ld apart, of v and o le apart; causal wants as many keys as \
     queries. Keeps the logarithm of each row's sum; scratch holds what the first function says. */ \
  size_t ofk_softmax_attention_scratch_##S(size_t keys, size_t d, size_t e); \
  void ofk_softmax_attention_##S(const T *q, const T *k, const T *v, T *o, T *sums, size_t queries, size_t keys, \
      size_t d, size_t e, size_t ld, size_t le, T scale, int causal, T *scratch); \
  void ofk_softmax_attention_gradient_##S(const T *q, const T *k, const T *v, const T *g, const T *sums, T *dq, T *dk, \
      T *dv, size_t queries, size_t keys, size_t d, size_t e, size_t ld, size_t le, T scale, int causal, T *scratch); \
  /* Linear attention of one head with the kernel relu(x) + epsilon, divided by q times the mean key plus epsilon. */ \
  size_t ofk_rectified_attention_scratch_##S(size_t d, size_t e); \
  void ofk_rectified_attention_##S(const T *q, const T *k, const T *v, T *o, size_t n, size_t d, size_t e, size_t ld, \
      size_t le, T epsilon, T *scratch); \
  void ofk_rectified_attention_gradient_##S(const T *q, const T *k, const T *v, const T *g, T *dq, T *dk, T *dv, \
      size_t n, size_t d, size_t e, size_t ld, size_t le, T epsilon, T *scratch);

OFK_DECLARE(float, f32)
OFK_DECLARE(double, f64)
#undef OFK_DECLARE

// Random numbers, equal on every machine: block i of a stream is Philox4x32-10 of the counter (i, stream) under the key.
void ofk_philox(uint64_t key, uint64_t stream, uint64_t first, uint32_t *out, size_t blocks);
// Doubles in 0..<1 (two a block), each from 53 bits.
void ofk_uniform(uint64_t key, uint64_t stream, uint64_t first, double *out, size_t blocks);
// Standard normal doubles (two a block) by Box and Muller's transform in plain IEEE operations.
void ofk_normal(uint64_t key, uint64_t stream, uint64_t first, double *out, size_t blocks);
// Natural logarithm and exponential in plain IEEE operations, to one or two units of the last place.
double ofk_portable_log(double x);
double ofk_portable_exp(double x);
// Crosses threads: 1 where every value is finite.
int ofk_finite_f32(const float *x, size_t n);
int ofk_finite_f64(const double *x, size_t n);
#endif
