#include "palette.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1024 };

static inline uint32_t slot_of(uint32_t color) { return (color * 2654435761u) >> 22; }

/* Place of a color in the palette, where it is added if it is new; -1 when the palette is full. */
static int index_of(uint32_t color, ofpng_palette *palette, uint16_t *slots) {
  uint32_t slot = slot_of(color);
  while (slots[slot] != 0 && palette->colors[slots[slot] - 1] != color) slot = (slot + 1) % SLOTS;
  if (slots[slot] == 0) {
    if (palette->count == 256) return -1;
    palette->colors[palette->count++] = color;
    slots[slot] = (uint16_t)palette->count;
  }
  return slots[slot] - 1;
}

int ofpng_build_palette(const uint8_t *rgba, size_t pixels, ofpng_palette *palette, uint8_t *indices) {
  uint16_t slots[SLOTS] = {0};
  palette->count = 0;
  uint32_t last = 0;
  int index = -1;
  for (size_t i = 0; i < pixels; i++) {
    uint32_t color;
    memcpy(&color, rgba + 4 * i, 4);
    /* Plots are runs of one color: most pixels need no look-up. */
    if (index < 0 || color != last) {
      index = index_of(color, palette, slots);
      if (index < 0) return 0;
      last = color;
    }
    indices[i] = (uint8_t)index;
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

enum { COUNT_SLOTS = 1 << 16 };

typedef struct {
  uint32_t color;
  uint32_t pixels;
  int index;
} color_count;

static inline uint32_t count_slot_of(uint32_t color) { return (color * 2654435761u) >> 16; }

/* Counts the pixels of each color; returns 0 when there are too many colors to be worth it. */
static int count_colors(const uint8_t *rgba, size_t pixels, color_count *slots) {
  int used = 0;
  color_count *last = NULL;
  for (size_t i = 0; i < pixels; i++) {
    uint32_t color;
    memcpy(&color, rgba + 4 * i, 4);
    if (last == NULL || last->color != color) {
      uint32_t slot = count_slot_of(color);
      while (slots[slot].pixels != 0 && slots[slot].color != color) slot = (slot + 1) % COUNT_SLOTS;
      last = &slots[slot];
      if (last->pixels == 0 && ++used > COUNT_SLOTS / 2) return 0;
      last->color = color;
    }
    last->pixels++;
  }
  return 1;
}

/* The nearest of 255 / step + 1 levels that include 0 and 255, so that black and white stay what they are. */
static inline uint8_t rounded(uint8_t value, int levels) {
  return (uint8_t)(((value * levels + 127) / 255 * 255 + levels / 2) / levels);
}

static uint32_t rounded_color(uint32_t color, int levels) {
  uint8_t c[4];
  memcpy(c, &color, 4);
  for (int k = 0; k < 3; k++) c[k] = rounded(c[k], levels);
  memcpy(&color, c, 4);
  return color;
}

/* Gives every counted color a place in the palette; returns 0 when 256 places are too few. */
static int assign_places(color_count *slots, size_t pixels, int levels, ofpng_palette *palette) {
  uint16_t places[SLOTS] = {0};
  palette->count = 0;
  for (size_t i = 0; i < COUNT_SLOTS; i++) {
    if (slots[i].pixels == 0) continue;
    /* Colors of whole areas and lines are kept; only those of edges are rounded. */
    int is_rare = slots[i].pixels < pixels / 2000;
    slots[i].index = index_of(is_rare ? rounded_color(slots[i].color, levels) : slots[i].color, palette, places);
    if (slots[i].index < 0) return 0;
  }
  return 1;
}

static void write_indices(const uint8_t *rgba, size_t pixels, const color_count *slots, uint8_t *indices) {
  const color_count *last = NULL;
  for (size_t i = 0; i < pixels; i++) {
    uint32_t color;
    memcpy(&color, rgba + 4 * i, 4);
    if (last == NULL || last->color != color) {
      uint32_t slot = count_slot_of(color);
      while (slots[slot].color != color || slots[slot].pixels == 0) slot = (slot + 1) % COUNT_SLOTS;
      last = &slots[slot];
    }
    indices[i] = (uint8_t)last->index;
  }
}

int ofpng_build_reduced_palette(const uint8_t *rgba, size_t pixels, ofpng_palette *palette, uint8_t *indices) {
  color_count *slots = calloc(COUNT_SLOTS, sizeof *slots);
  int done = 0;
  if (slots != NULL && count_colors(rgba, pixels, slots)) {
    for (int levels = 64; levels >= 16 && !done; levels /= 2) done = assign_places(slots, pixels, levels, palette);
    if (done) write_indices(rgba, pixels, slots, indices);
  }
  free(slots);
  return done;
}
