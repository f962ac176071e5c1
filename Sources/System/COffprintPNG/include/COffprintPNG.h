#ifndef COFFPRINT_PNG_H
#define COFFPRINT_PNG_H

#include <stddef.h>
#include <stdint.h>

/* libpng reports errors by longjmp, which must never cross a Swift frame: each function here sets its own landing place,
   frees what it allocated and returns a code. No globals; safe to call from several threads. */

/* What became of a call; the values are fixed, the Swift side names them. */
enum {
  OFPNG_OK = 0,
  OFPNG_OUT_OF_MEMORY = 1,
  OFPNG_NOT_A_PNG = 2,
  OFPNG_TRUNCATED = 3,
  OFPNG_BROKEN = 4,
  OFPNG_TOO_LARGE = 5,
};

/* Largest message, with its final zero. */
#define OFPNG_MESSAGE_SIZE 128

/* A block allocated with malloc; the receiver frees it with ofpng_free. */
typedef struct {
  uint8_t *bytes;
  size_t count;
  int width;
  int height;
  char message[OFPNG_MESSAGE_SIZE];
} ofpng_result;

/* Encodes `height` rows of `width` RGBA pixels, eight bits a channel, not premultiplied, without gaps.
   Writes the smallest lossless form: a palette of at most 256 colors (1, 2, 4 or 8 bits), else grey, RGB or RGBA.
   `level` is zlib's, 0 to 9. Equal pixels give equal bytes. With `may_round_edges`, rare colors may be off by at most 8
   of 255 where that makes a palette possible: for drawn figures, never for pictures. */
int ofpng_encode(const uint8_t *rgba, int width, int height, int level, int may_round_edges, ofpng_result *result);

/* Decodes a PNG file of any kind to RGBA as above: palettes and transparency expanded, 16 bits cut to 8.
   More than `limit` pixels are refused before anything is allocated. */
int ofpng_decode(const uint8_t *bytes, size_t count, size_t limit, ofpng_result *result);

/* Frees the block of a result. */
void ofpng_free(ofpng_result *result);

#endif
