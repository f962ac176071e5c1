/* The kernel: loads the runtime and the cells, runs them one after the other, and survives what they do.
 *
 * It is plain C so that just one copy of every Swift type exists: the one of the runtime that it loads.
 * It reads commands from one descriptor and writes frames to another; guard.c keeps it alive, streams.c catches what
 * cells print, sandbox.c takes away rights before any code of an author is loaded. */
#ifndef OFFPRINT_KERNEL_H
#define OFFPRINT_KERNEL_H

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Kinds of frames: one byte, then the length of the payload in four bytes, then the payload. */
enum frame_kind {
  FRAME_READY = 'R',   /* the runtime is loaded */
  FRAME_MESSAGE = 'M', /* a message of the runtime */
  FRAME_STDOUT = 'O',
  FRAME_STDERR = 'E',
  FRAME_CUT = 'C',   /* bytes of output that were dropped in this cell: eight bytes */
  FRAME_DONE = 'D',  /* a cell has ended: see finish_cell */
  FRAME_FATAL = 'F', /* the kernel cannot go on: text */
};

enum outcome {
  OUTCOME_SUCCESS = 0,
  OUTCOME_ERROR = 1,     /* the cell threw */
  OUTCOME_TRAP = 2,      /* a signal; detail is its number */
  OUTCOME_EXIT = 3,      /* the cell called exit; detail is the code */
  OUTCOME_INTERRUPT = 4, /* the runner's time limit */
  OUTCOME_LOAD = 5,      /* the cell could not be loaded; a message says why */
};

/* Stands in place of a signal's number where more is known. */
enum { DETAIL_STACK_OVERFLOW = 1000 };

#define MAX_FRAMES 64

/* Where a cell left its way: return addresses, innermost first. */
struct trace {
  uintptr_t address[MAX_FRAMES];
  size_t count;
};

/* streams.c */
void streams_start(int event_descriptor);
void streams_begin_cell(void);
void streams_end_cell(void);
void streams_flush(void);
void emit_frame(enum frame_kind kind, const void *payload, size_t size);
void offprint_emit(const uint8_t *bytes, size_t size); /* called by the runtime */

/* guard.c */
struct run_result {
  enum outcome outcome;
  int32_t detail;
  struct trace trace;
};
void guard_install(void);
void guard_install_thread(void *stack_low, size_t stack_size);
void guard_watch_throws(void);
struct run_result guard_run(void (*entry)(void));
void guard_pause(void);
void guard_resume(void);
void guard_interrupt(void);
extern volatile sig_atomic_t guard_is_emitting;
void guard_emission_ended(void);

/* sandbox.c */
struct sandbox {
  const char *readable[64];
  size_t readable_count;
  const char *writable[16];
  size_t writable_count;
  bool denies_network;
  uint64_t memory;
};
/* Returns the names of the protections that this system cannot enforce, separated by commas; empty when all hold. */
const char *sandbox_enter(const struct sandbox *sandbox);

#endif
