#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"

/* Output is caught twice: what goes through stdio arrives in exact order by way of custom streams; what is written to
 * descriptors 1 and 2 directly goes through pipes that a thread empties. */

enum { KEPT_BYTES = 1 << 20 };

static int event_descriptor = -1;
static pthread_mutex_t emit_lock;
static int pipe_read[2];
static uint64_t kept[2];
static uint64_t dropped;

static void write_all(const void *data, size_t size) {
  const char *bytes = data;
  while (size > 0) {
    ssize_t count = write(event_descriptor, bytes, size);
    if (count < 0) {
      if (errno == EINTR) continue;
      _exit(3); /* the runner is gone */
    }
    bytes += count;
    size -= (size_t)count;
  }
}

void emit_frame(enum frame_kind kind, const void *payload, size_t size) {
  uint8_t header[5] = {(uint8_t)kind, (uint8_t)size, (uint8_t)(size >> 8), (uint8_t)(size >> 16), (uint8_t)(size >> 24)};
  pthread_mutex_lock(&emit_lock);
  guard_is_emitting = guard_is_emitting + 1;
  write_all(header, sizeof header);
  write_all(payload, size);
  guard_is_emitting = guard_is_emitting - 1;
  pthread_mutex_unlock(&emit_lock);
  guard_emission_ended();
}

/* Forwards output of a cell up to a limit; a cell that prints without end must not fill the report or the memory. */
static void emit_output(int stream, const char *bytes, size_t size) {
  pthread_mutex_lock(&emit_lock);
  size_t room = kept[stream] < KEPT_BYTES ? KEPT_BYTES - kept[stream] : 0;
  size_t taken = size < room ? size : room;
  kept[stream] += taken;
  dropped += size - taken;
  pthread_mutex_unlock(&emit_lock);
  if (taken > 0) emit_frame(stream == 0 ? FRAME_STDOUT : FRAME_STDERR, bytes, taken);
}

static void drain_pipe(int stream) {
  char buffer[65536];
  for (;;) {
    ssize_t count = read(pipe_read[stream], buffer, sizeof buffer);
    if (count <= 0) return;
    emit_output(stream, buffer, (size_t)count);
  }
}

static pthread_mutex_t drain_lock = PTHREAD_MUTEX_INITIALIZER;

static void drain_pipes(void) {
  pthread_mutex_lock(&drain_lock);
  drain_pipe(0);
  drain_pipe(1);
  pthread_mutex_unlock(&drain_lock);
}

static void *drain_forever(void *unused) {
  (void)unused;
  for (;;) {
    struct pollfd polled[2] = {{pipe_read[0], POLLIN, 0}, {pipe_read[1], POLLIN, 0}};
    if (poll(polled, 2, -1) > 0) drain_pipes();
  }
  return NULL;
}

static ssize_t write_stdout(void *unused, const char *bytes, size_t size) {
  (void)unused;
  emit_output(0, bytes, size);
  return (ssize_t)size;
}

static ssize_t write_stderr(void *unused, const char *bytes, size_t size) {
  (void)unused;
  fflush(stdout);
  emit_output(1, bytes, size);
  return (ssize_t)size;
}

void streams_start(int descriptor) {
  event_descriptor = descriptor;
  pthread_mutexattr_t recursive;
  pthread_mutexattr_init(&recursive);
  pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&emit_lock, &recursive);

  for (int stream = 0; stream < 2; stream++) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) exit(3);
    dup2(ends[1], stream + 1);
    /* Writers block as usual when the pipe is full; only our reading end does not. */
    fcntl(stream + 1, F_SETFL, fcntl(stream + 1, F_GETFL) & ~O_NONBLOCK);
    close(ends[1]);
    pipe_read[stream] = ends[0];
  }
  cookie_io_functions_t out = {.write = write_stdout};
  cookie_io_functions_t error = {.write = write_stderr};
  stdout = fopencookie(NULL, "w", out);
  stderr = fopencookie(NULL, "w", error);
  if (stdout == NULL || stderr == NULL) _exit(3);
  setvbuf(stdout, NULL, _IOFBF, 1 << 16);
  setvbuf(stderr, NULL, _IONBF, 0);

  pthread_t thread;
  if (pthread_create(&thread, NULL, drain_forever, NULL) == 0) pthread_detach(thread);
}

void streams_flush(void) {
  fflush(stdout);
  drain_pipes();
}

void streams_begin_cell(void) {
  pthread_mutex_lock(&emit_lock);
  kept[0] = kept[1] = dropped = 0;
  pthread_mutex_unlock(&emit_lock);
}

void streams_end_cell(void) {
  streams_flush();
  if (dropped > 0) emit_frame(FRAME_CUT, &dropped, sizeof dropped);
}

void offprint_emit(const uint8_t *bytes, size_t size) {
  streams_flush();
  emit_frame(FRAME_MESSAGE, bytes, size);
}
