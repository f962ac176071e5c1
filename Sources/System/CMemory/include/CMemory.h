/* Large arrays that are done with stay with the process.
 *
 * By default the C library gives them back to the system, page by page, and every new matrix is cleared and mapped anew: a
 * fifth of the time of a decomposition of order 400. Happens when the library is loaded; there is nothing to call. */
#ifndef CMEMORY_H
#define CMEMORY_H

enum {
  /* Blocks of fewer bytes are kept for reuse, */
  OCM_LARGEST_KEPT = 32 << 20,
  /* and this many bytes of them at most. */
  OCM_MOST_KEPT = 256 << 20,
};

#endif
