// Loops on libgomp's threads, which oneDNN uses too: two pools would fight for the same cores.
#include "CDNNL.h"
#include <pthread.h>

extern void GOMP_parallel(void (*function)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_get_max_threads(void);
extern int omp_in_parallel(void);
extern void omp_set_num_threads(int count);

typedef struct {
  size_t chunks;
  void (*body)(void *, size_t);
  void *context;
} loop;

static void run(void *data) {
  const loop *l = data;
  const size_t step = (size_t)omp_get_num_threads();
  for (size_t i = (size_t)omp_get_thread_num(); i < l->chunks; i += step) l->body(l->context, i);
}

void ofd_parallel(size_t chunks, void (*body)(void *, size_t), void *context) {
  loop l = {chunks, body, context};
  if (chunks < 2 || omp_in_parallel() || omp_get_max_threads() < 2) {
    for (size_t i = 0; i < chunks; i++) body(context, i);
    return;
  }
  GOMP_parallel(run, &l, 0, 0);
}

int ofd_threads(void) { return omp_get_max_threads(); }
void ofd_set_threads(int count) { omp_set_num_threads(count); }
int ofd_in_parallel(void) { return omp_in_parallel(); }

typedef struct {
  void (*body)(void *);
  void *context;
} work;

static void *run_alone(void *data) {
  const work *w = data;
  // libgomp counts threads for each thread that it did not make: loops inside the body stay on this one.
  omp_set_num_threads(1);
  w->body(w->context);
  return NULL;
}

void ofd_workers(size_t count, void (*body)(void *), void *context) {
  enum { MOST = 256, STACK = 8 << 20 };
  work w = {body, context};
  pthread_t threads[MOST];
  pthread_attr_t attributes;
  size_t made = 0;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK);
  // Where the system has no thread left, those that there are do the work.
  while (made + 1 < count && made < MOST && pthread_create(&threads[made], &attributes, run_alone, &w) == 0) made++;
  pthread_attr_destroy(&attributes);
  const int before = omp_get_max_threads();
  run_alone(&w);
  omp_set_num_threads(before);
  for (size_t i = 0; i < made; i++) pthread_join(threads[i], NULL);
}
