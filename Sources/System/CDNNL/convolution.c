// Convolutions by oneDNN 2.6: a primitive in the layout that it likes best, and reorders where that is not the plain one.
#include <oneapi/dnnl/dnnl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "CDNNL.h"

// Of libgomp, whose threads oneDNN uses.
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int count);

enum { MAX_ARGUMENTS = 5 };

// One array of a primitive: how the caller has it, how the primitive wants it, and the step between.
typedef struct {
  int role;
  int is_result;
  dnnl_memory_desc_t plain, wanted;
  dnnl_primitive_t reorder;
  size_t offset;
} argument;

struct ofd_convolution {
  int kind, count;
  dnnl_primitive_t primitive;
  dnnl_memory_desc_t scratchpad;
  argument arguments[MAX_ARGUMENTS];
  size_t scratch_offset, workspace;
};

static dnnl_engine_t engine;
static dnnl_stream_t stream;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void) {
  if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) abort();
  if (dnnl_stream_create(&stream, engine, dnnl_stream_default_flags) != dnnl_success) abort();
}

int ofd_gemm(int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const float *a, int64_t lda,
    const float *b, int64_t ldb, float beta, float *c, int64_t ldc) {
  // Few results of long sums: oneDNN cuts the sums among its threads, which then wait for each other. Measured with two threads
  // and 16 x 2048 x 8: 3.2 ms of processor time in place of 0.01; with 48 x 4096 x 48 3.5 in place of 0.3.
  const int64_t side = m > n ? m : n;
  const int threads = omp_get_max_threads(), is_alone = threads > 1 && m * n <= 64 * 64 && k >= 8 * side;
  if (is_alone) omp_set_num_threads(1);
  const int status =
      dnnl_sgemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  if (is_alone) omp_set_num_threads(threads);
  return status;
}

static dnnl_format_tag_t plain_tag(int dimensions) {
  const dnnl_format_tag_t tags[] = {dnnl_a, dnnl_a, dnnl_ab, dnnl_abc, dnnl_abcd, dnnl_abcde, dnnl_abcdef};
  return tags[dimensions];
}

typedef struct {
  dnnl_memory_desc_t input, weights, bias, output;
} arrays;

static int describe(const ofd_shape *s, int free_layout, arrays *d) {
  const int n = s->axes + 2, grouped = s->groups > 1;
  dnnl_dims_t input = {s->batch, s->input_channels}, output = {s->batch, s->output_channels}, weights;
  int w = 0;
  if (grouped) weights[w++] = s->groups;
  weights[w++] = s->output_channels / s->groups;
  weights[w++] = s->input_channels / s->groups;
  for (int i = 0; i < s->axes; i++) {
    input[2 + i] = s->input[i];
    output[2 + i] = s->output[i];
    weights[w++] = s->kernel[i];
  }
  const dnnl_format_tag_t any = dnnl_format_tag_any;
  dnnl_dims_t channels = {s->output_channels};
  return dnnl_memory_desc_init_by_tag(&d->input, n, input, dnnl_f32, free_layout ? any : plain_tag(n)) == dnnl_success
      && dnnl_memory_desc_init_by_tag(&d->output, n, output, dnnl_f32, free_layout ? any : plain_tag(n)) == dnnl_success
      && dnnl_memory_desc_init_by_tag(&d->weights, w, weights, dnnl_f32, free_layout ? any : plain_tag(w))
          == dnnl_success
      && dnnl_memory_desc_init_by_tag(&d->bias, 1, channels, dnnl_f32, dnnl_a) == dnnl_success;
}

static dnnl_primitive_desc_t make_descriptor(const ofd_shape *s, int kind, const_dnnl_primitive_attr_t attributes) {
  arrays d;
  if (!describe(s, 1, &d)) return NULL;
  dnnl_dims_t stride, dilation, low, high;
  for (int i = 0; i < s->axes; i++) {
    stride[i] = s->stride[i];
    dilation[i] = s->dilation[i] - 1;
    low[i] = s->low[i];
    high[i] = s->high[i];
  }
  dnnl_convolution_desc_t c;
  dnnl_primitive_desc_t forward = NULL, result = NULL;
  const dnnl_memory_desc_t *bias = s->bias ? &d.bias : NULL;
  const dnnl_prop_kind_t propagation = kind == OFD_FORWARD ? dnnl_forward_inference : dnnl_forward_training;
  if (dnnl_dilated_convolution_forward_desc_init(&c, propagation, dnnl_convolution_direct, &d.input, &d.weights, bias,
          &d.output, stride, dilation, low, high) != dnnl_success) return NULL;
  if (dnnl_primitive_desc_create(&forward, &c, attributes, engine, NULL) != dnnl_success) return NULL;
  if (kind == OFD_FORWARD) return forward;
  dnnl_status_t status;
  if (kind == OFD_INPUT_GRADIENT) {
    status = dnnl_dilated_convolution_backward_data_desc_init(&c, dnnl_convolution_direct, &d.input, &d.weights,
        &d.output, stride, dilation, low, high);
  } else {
    status = dnnl_dilated_convolution_backward_weights_desc_init(&c, dnnl_convolution_direct, &d.input, &d.weights, bias,
        &d.output, stride, dilation, low, high);
  }
  if (status == dnnl_success) status = dnnl_primitive_desc_create(&result, &c, attributes, engine, forward);
  dnnl_primitive_desc_destroy(forward);
  return status == dnnl_success ? result : NULL;
}

static size_t aligned(size_t bytes) { return (bytes + 63) / 64 * 64; }

static int add(ofd_convolution *p, const_dnnl_primitive_desc_t pd, int role, dnnl_query_t query, int index,
    dnnl_memory_desc_t plain, int is_result) {
  argument *a = &p->arguments[p->count++];
  a->role = role;
  a->is_result = is_result;
  a->plain = plain;
  a->wanted = *dnnl_primitive_desc_query_md(pd, query, index);
  if (dnnl_memory_desc_equal(&a->plain, &a->wanted)) return 1;
  const dnnl_memory_desc_t *from = is_result ? &a->wanted : &a->plain, *to = is_result ? &a->plain : &a->wanted;
  dnnl_primitive_desc_t reorder;
  if (dnnl_reorder_primitive_desc_create(&reorder, from, engine, to, engine, NULL) != dnnl_success) return 0;
  const dnnl_status_t status = dnnl_primitive_create(&a->reorder, reorder);
  dnnl_primitive_desc_destroy(reorder);
  a->offset = p->workspace;
  p->workspace += aligned(dnnl_memory_desc_get_size(&a->wanted));
  return status == dnnl_success;
}

static int add_all(ofd_convolution *p, const_dnnl_primitive_desc_t pd, const ofd_shape *s, const arrays *d) {
  switch (p->kind) {
  case OFD_FORWARD:
    return add(p, pd, DNNL_ARG_SRC, dnnl_query_src_md, 0, d->input, 0)
        && add(p, pd, DNNL_ARG_WEIGHTS, dnnl_query_weights_md, 0, d->weights, 0)
        && (!s->bias || add(p, pd, DNNL_ARG_BIAS, dnnl_query_weights_md, 1, d->bias, 0))
        && add(p, pd, DNNL_ARG_DST, dnnl_query_dst_md, 0, d->output, 1);
  case OFD_INPUT_GRADIENT:
    return add(p, pd, DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0, d->output, 0)
        && add(p, pd, DNNL_ARG_WEIGHTS, dnnl_query_weights_md, 0, d->weights, 0)
        && add(p, pd, DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md, 0, d->input, 1);
  default:
    return add(p, pd, DNNL_ARG_SRC, dnnl_query_src_md, 0, d->input, 0)
        && add(p, pd, DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0, d->output, 0)
        && add(p, pd, DNNL_ARG_DIFF_WEIGHTS, dnnl_query_diff_weights_md, 0, d->weights, 1)
        && (!s->bias || add(p, pd, DNNL_ARG_DIFF_BIAS, dnnl_query_diff_weights_md, 1, d->bias, 1));
  }
}

static void destroy(ofd_convolution *p) {
  for (int i = 0; i < p->count; i++) if (p->arguments[i].reorder) dnnl_primitive_destroy(p->arguments[i].reorder);
  if (p->primitive) dnnl_primitive_destroy(p->primitive);
  free(p);
}

ofd_convolution *ofd_convolution_make(const ofd_shape *shape, int kind) {
  pthread_once(&once, start);
  dnnl_primitive_attr_t attributes;
  if (dnnl_primitive_attr_create(&attributes) != dnnl_success) return NULL;
  dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
  dnnl_primitive_desc_t pd = make_descriptor(shape, kind, attributes);
  dnnl_primitive_attr_destroy(attributes);
  if (!pd) return NULL;
  ofd_convolution *p = calloc(1, sizeof *p);
  arrays d;
  int done = p != NULL && describe(shape, 0, &d);
  if (done) {
    p->kind = kind;
    done = add_all(p, pd, shape, &d) && dnnl_primitive_create(&p->primitive, pd) == dnnl_success;
    p->scratchpad = *dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
    p->scratch_offset = p->workspace;
    p->workspace += aligned(dnnl_memory_desc_get_size(&p->scratchpad));
  }
  dnnl_primitive_desc_destroy(pd);
  if (!done && p) { destroy(p); p = NULL; }
  return p;
}

size_t ofd_convolution_workspace(const ofd_convolution *convolution) { return convolution->workspace; }

// Memory objects of one run; a failed creation leaves null, which oneDNN then refuses.
static dnnl_memory_t wrap(const dnnl_memory_desc_t *md, const void *data) {
  dnnl_memory_t memory = NULL;
  dnnl_memory_create(&memory, md, engine, (void *)data);
  return memory;
}

static int reorder(const argument *a, dnnl_memory_t from, dnnl_memory_t to) {
  const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
  return dnnl_primitive_execute(a->reorder, stream, 2, arguments) == dnnl_success;
}

int ofd_convolution_run(const ofd_convolution *p, const float *first, const float *second, const float *bias,
    float *result, float *bias_result, void *workspace) {
  const void *inputs[] = {first, second, bias};
  void *results[] = {result, bias_result};
  dnnl_memory_t plain[MAX_ARGUMENTS], wanted[MAX_ARGUMENTS];
  dnnl_exec_arg_t arguments[MAX_ARGUMENTS + 1];
  int used = 0, given = 0, ok = 1;
  for (int i = 0; i < p->count; i++) {
    const argument *a = &p->arguments[i];
    plain[i] = wrap(&a->plain, a->is_result ? results[given++] : inputs[used++]);
    wanted[i] = a->reorder ? wrap(&a->wanted, (char *)workspace + a->offset) : plain[i];
    if (a->reorder && !a->is_result) ok = ok && reorder(a, plain[i], wanted[i]);
    arguments[i] = (dnnl_exec_arg_t){a->role, wanted[i]};
  }
  dnnl_memory_t scratch = wrap(&p->scratchpad, (char *)workspace + p->scratch_offset);
  arguments[p->count] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, scratch};
  ok = ok && dnnl_primitive_execute(p->primitive, stream, p->count + 1, arguments) == dnnl_success;
  for (int i = 0; i < p->count; i++) {
    const argument *a = &p->arguments[i];
    if (a->reorder && a->is_result) ok = ok && reorder(a, wanted[i], plain[i]);
  }
  dnnl_stream_wait(stream);
  for (int i = 0; i < p->count; i++) {
    if (wanted[i] != plain[i]) dnnl_memory_destroy(wanted[i]);
    dnnl_memory_destroy(plain[i]);
  }
  dnnl_memory_destroy(scratch);
  return ok ? 0 : 1;
}
