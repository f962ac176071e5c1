#include "CMemory.h"

#if defined(__linux__)
#include <malloc.h>

__attribute__((constructor)) static void keep_freed_memory(void) {
  mallopt(M_MMAP_THRESHOLD, OCM_LARGEST_KEPT);
  mallopt(M_TRIM_THRESHOLD, OCM_MOST_KEPT);
}
#endif
