#include "palette.h"

#include <string.h>

enum { SLOTS = 1024 };

static inline uint32_t slot_of(uint32_t color) { return (color * 2654435761u) >> 22; }

int ofpng_build_palette(const uint8_t *rgba, size_t pixels, ofpng_palette *palette, uint8_t *indices) {
  uint16_t slots[SLOTS];
  memset(slots, 0, sizeof slots);
  palette->count = 0;
  uint32_t last = 0;
  uint8_t last_index = 0;
  for (size_t i = 0; i < pixels; i++) {
    uint32_t color;
    memcpy(&color, rgba + 4 * i, 4);
    /* Plots are runs of one color: most pixels end here. */
    if (i > 0 && color == last) {
      indices[i] = last_index;
      continue;
    }
    uint32_t slot = slot_of(color);
    while (slots[slot] != 0 && palette->colors[slots[slot] - 1] != color) slot = (slot + 1) % SLOTS;
    if (slots[slot] == 0) {
      if (palette->count == 256) return 0;
      palette->colors[palette->count++] = color;
      slots[slot] = (uint16_t)palette->count;
    }
    last = color;
    last_index = (uint8_t)(slots[slot] - 1);
    indices[i] = last_index;
  }
  return 1;
}

ofpng_kind ofpng_kind_of(const uint8_t *rgba, size_t pixels) {
  ofpng_kind kind = {1, 1};
  for (size_t i = 0; i < pixels && (kind.is_grey || kind.is_opaque); i++) {
    const uint8_t *p = rgba + 4 * i;
    if (p[0] != p[1] || p[1] != p[2]) kind.is_grey = 0;
    if (p[3] != 255) kind.is_opaque = 0;
  }
  return kind;
}
