#ifndef OFFPRINT_PNG_PALETTE_H
#define OFFPRINT_PNG_PALETTE_H

#include <stddef.h>
#include <stdint.h>

/* Colors in order of appearance, each as the four bytes R, G, B, A in memory order. */
typedef struct {
  uint32_t colors[256];
  int count;
} ofpng_palette;

/* Properties that hold for all pixels. */
typedef struct {
  int is_grey;
  int is_opaque;
} ofpng_kind;

/* Fills the palette and one index for each pixel; returns 0 when there are more than 256 colors. */
int ofpng_build_palette(const uint8_t *rgba, size_t pixels, ofpng_palette *palette, uint8_t *indices);

/* The same after colors of few pixels, such as the edges of letters and lines, are rounded to 65, 33 or 17 levels a
   channel (off by at most 8 of 255); returns 0 when that does not help or memory is short. */
int ofpng_build_reduced_palette(const uint8_t *rgba, size_t pixels, ofpng_palette *palette, uint8_t *indices);

/* Whether all pixels are grey, and whether all are opaque. */
ofpng_kind ofpng_kind_of(const uint8_t *rgba, size_t pixels);

#endif
