#include "COffprintPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const uint8_t *bytes;
  size_t count;
  size_t position;
  /* Set before a jump and read after it. */
  volatile int ended_early;
} source;

static void take(png_structp png, png_bytep data, size_t count) {
  source *in = png_get_io_ptr(png);
  if (count > in->count - in->position) {
    in->ended_early = 1;
    png_error(png, "file ends early");
  }
  memcpy(data, in->bytes + in->position, count);
  in->position += count;
}

static void fail(png_structp png, png_const_charp message) {
  ofpng_result *result = png_get_error_ptr(png);
  snprintf(result->message, OFPNG_MESSAGE_SIZE, "%s", message);
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void expand_to_rgba(png_structp png, png_infop info) {
  png_set_expand(png);
  png_set_strip_16(png);
  png_set_gray_to_rgb(png);
  png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
  png_read_update_info(png, info);
}

/* Reads the whole image; the block and its size live in `result`, so that the landing place can free them. */
static int read_image(png_structp png, png_infop info, size_t limit, ofpng_result *result) {
  png_read_info(png, info);
  size_t width = png_get_image_width(png, info), height = png_get_image_height(png, info);
  if (width == 0 || height == 0 || width > limit / height) return OFPNG_TOO_LARGE;
  int passes = png_set_interlace_handling(png);
  expand_to_rgba(png, info);
  result->count = 4 * width * height;
  result->bytes = malloc(result->count);
  if (result->bytes == NULL) return OFPNG_OUT_OF_MEMORY;
  result->width = (int)width;
  result->height = (int)height;
  for (int pass = 0; pass < passes; pass++)
    for (size_t y = 0; y < height; y++) png_read_row(png, result->bytes + 4 * width * y, NULL);
  png_read_end(png, NULL);
  return OFPNG_OK;
}

int ofpng_decode(const uint8_t *bytes, size_t count, size_t limit, ofpng_result *result) {
  *result = (ofpng_result){0};
  if (count < 8 || png_sig_cmp(bytes, 0, 8) != 0) return OFPNG_NOT_A_PNG;
  source in = {bytes, count, 0, 0};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, result, fail, ignore);
  png_infop info = png == NULL ? NULL : png_create_info_struct(png);
  volatile int code = OFPNG_OUT_OF_MEMORY;
  if (info != NULL) {
    if (setjmp(png_jmpbuf(png)) == 0) {
      png_set_read_fn(png, &in, take);
      code = read_image(png, info, limit, result);
    } else {
      code = in.ended_early ? OFPNG_TRUNCATED : OFPNG_BROKEN;
    }
  }
  if (png != NULL) png_destroy_read_struct(&png, info == NULL ? NULL : &info, NULL);
  if (code != OFPNG_OK) ofpng_free(result);
  return code;
}
