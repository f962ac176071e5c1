#ifndef OFFPRINT_CSOXR_H
#define OFFPRINT_CSOXR_H

#include <soxr.h>

/* Resamples one channel; returns NULL, or what went wrong. Quality is 20 bits, or 28 where isFine. */
static inline const char *oso_resample(double from, double to, const float *in, size_t count, float *out, size_t capacity,
                                       size_t *made, int isFine) {
  const soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_quality_spec_t quality = soxr_quality_spec(isFine ? SOXR_VHQ : SOXR_HQ, 0);
  size_t used = 0;
  return soxr_oneshot(from, to, 1, in, count, &used, out, capacity, made, &io, &quality, NULL);
}

#endif
