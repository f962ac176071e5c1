#include "COffprintPNG.h"
#include "palette.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  ofpng_result *result;
  size_t capacity;
} sink;

static void append(png_structp png, png_bytep data, size_t count) {
  sink *out = png_get_io_ptr(png);
  ofpng_result *result = out->result;
  if (result->count + count > out->capacity) {
    size_t capacity = 2 * (result->count + count);
    uint8_t *grown = realloc(result->bytes, capacity);
    if (grown == NULL) png_error(png, "out of memory");
    result->bytes = grown;
    out->capacity = capacity;
  }
  memcpy(result->bytes + result->count, data, count);
  result->count += count;
}

static void nothing_to_flush(png_structp png) { (void)png; }

static void fail(png_structp png, png_const_charp message) {
  ofpng_result *result = png_get_error_ptr(png);
  snprintf(result->message, OFPNG_MESSAGE_SIZE, "%s", message);
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static int depth_of(int colors) { return colors <= 2 ? 1 : colors <= 4 ? 2 : colors <= 16 ? 4 : 8; }

static void write_palette(png_structp png, png_infop info, const ofpng_palette *palette) {
  png_color colors[256];
  png_byte alphas[256];
  int transparent = 0;
  for (int i = 0; i < palette->count; i++) {
    uint8_t c[4];
    memcpy(c, &palette->colors[i], 4);
    colors[i] = (png_color){c[0], c[1], c[2]};
    alphas[i] = c[3];
    if (c[3] != 255) transparent = i + 1;
  }
  png_set_PLTE(png, info, colors, palette->count);
  if (transparent > 0) png_set_tRNS(png, info, alphas, transparent, NULL);
}

/* One row in the chosen form, into `row`. */
static void pack(const uint8_t *rgba, int width, ofpng_kind kind, uint8_t *row) {
  for (int x = 0; x < width; x++) {
    const uint8_t *p = rgba + 4 * (size_t)x;
    *row++ = p[0];
    if (!kind.is_grey) {
      *row++ = p[1];
      *row++ = p[2];
    }
    if (!kind.is_opaque) *row++ = p[3];
  }
}

static void write_image(png_structp png, png_infop info, const uint8_t *rgba, int width, int height, int level,
                        int may_round_edges, uint8_t *indices, uint8_t *row) {
  ofpng_palette palette;
  size_t pixels = (size_t)width * (size_t)height;
  int has_palette = ofpng_build_palette(rgba, pixels, &palette, indices);
  if (!has_palette && may_round_edges) has_palette = ofpng_build_reduced_palette(rgba, pixels, &palette, indices);
  ofpng_kind kind = has_palette ? (ofpng_kind){0, 0} : ofpng_kind_of(rgba, pixels);
  int type = (kind.is_grey ? 0 : PNG_COLOR_MASK_COLOR) | (kind.is_opaque ? 0 : PNG_COLOR_MASK_ALPHA);
  png_set_compression_level(png, level);
  png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, has_palette ? depth_of(palette.count) : 8,
               has_palette ? PNG_COLOR_TYPE_PALETTE : type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  /* Indices are names, not amounts, and drawn figures are runs of one color: filters make both larger. */
  png_set_filter(png, 0, has_palette || may_round_edges ? PNG_FILTER_NONE : PNG_ALL_FILTERS);
  if (has_palette) write_palette(png, info, &palette);
  png_write_info(png, info);
  if (has_palette) png_set_packing(png);
  for (int y = 0; y < height; y++) {
    if (!has_palette) pack(rgba + 4 * (size_t)y * (size_t)width, width, kind, row);
    png_write_row(png, has_palette ? indices + (size_t)y * (size_t)width : row);
  }
  png_write_end(png, info);
}

int ofpng_encode(const uint8_t *rgba, int width, int height, int level, int may_round_edges, ofpng_result *result) {
  *result = (ofpng_result){.width = width, .height = height};
  sink out = {result, 0};
  /* Allocated before setjmp and never changed after it, so the landing place may free them. */
  uint8_t *const indices = malloc((size_t)width * (size_t)height + 1);
  uint8_t *const row = malloc(4 * (size_t)width + 1);
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, result, fail, ignore);
  png_infop info = png == NULL ? NULL : png_create_info_struct(png);
  int code = OFPNG_OUT_OF_MEMORY;
  if (indices != NULL && row != NULL && info != NULL) {
    if (setjmp(png_jmpbuf(png)) == 0) {
      png_set_write_fn(png, &out, append, nothing_to_flush);
      write_image(png, info, rgba, width, height, level, may_round_edges, indices, row);
      code = OFPNG_OK;
    } else {
      code = OFPNG_BROKEN;
    }
  }
  if (png != NULL) png_destroy_write_struct(&png, info == NULL ? NULL : &info);
  free(indices);
  free(row);
  if (code != OFPNG_OK) ofpng_free(result);
  return code;
}

void ofpng_free(ofpng_result *result) {
  free(result->bytes);
  result->bytes = NULL;
  result->count = 0;
}
