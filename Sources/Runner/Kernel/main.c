#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "kernel.h"

/* Usage: offprint-kernel RUNTIME COMMANDS EVENTS [--read PATH]… [--write PATH]… [--no-network]
 *                        [--memory BYTES] [--folder PATH]
 *
 * COMMANDS and EVENTS are descriptors. A command is one line: "run LIBRARY\tSYMBOL" loads a module and runs its (first)
 * cell; "next" runs the next cell of a module that holds several; "stop" interrupts the running cell. The end of the commands ends the kernel, so it does not outlive its runner. */

enum { STACK_SIZE = 256 << 20 };

struct job {
  char library[4096];
  char symbol[512];
  bool is_continuation; /* the next cell of the module that runs already */
  bool is_waiting;
};

static struct job job;
static pthread_mutex_t job_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t job_changed = PTHREAD_COND_INITIALIZER;

static uint64_t nanoseconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void put(uint8_t **cursor, const void *data, size_t size) {
  memcpy(*cursor, data, size);
  *cursor += size;
}

/* The most memory that this process ever held, in bytes. */
static uint64_t peak_memory(void) {
  struct rusage usage = {0};
  getrusage(RUSAGE_SELF, &usage);
  return (uint64_t)usage.ru_maxrss * 1024;
}

/* Payload: outcome (1 byte), detail (4), wall and processor nanoseconds (8 + 8), peak memory (8), number of trace
 * entries (4), and for each its offset in its library (8), the length of the library's path (4) and the path. */
static void finish_cell(const struct run_result *result, uint64_t wall, uint64_t processor) {
  static uint8_t payload[64 + MAX_FRAMES * 4200];
  uint8_t *cursor = payload;
  uint8_t outcome = (uint8_t)result->outcome;
  uint32_t count = (uint32_t)result->trace.count;
  uint64_t peak = peak_memory();
  put(&cursor, &outcome, 1);
  put(&cursor, &result->detail, 4);
  put(&cursor, &wall, 8);
  put(&cursor, &processor, 8);
  put(&cursor, &peak, 8);
  put(&cursor, &count, 4);
  for (size_t i = 0; i < result->trace.count; i++) {
    Dl_info info = {0};
    uintptr_t address = result->trace.address[i] - 1; /* inside the call, not behind it */
    bool found = dladdr((void *)address, &info) != 0 && info.dli_fname != NULL;
    uint64_t offset = found ? address - (uintptr_t)info.dli_fbase : address;
    const char *path = found ? info.dli_fname : "";
    uint32_t size = (uint32_t)strnlen(path, 4096);
    put(&cursor, &offset, 8);
    put(&cursor, &size, 4);
    put(&cursor, path, size);
  }
  emit_frame(FRAME_DONE, payload, (size_t)(cursor - payload));
}

/* When the running cell began. */
static uint64_t wall_start, processor_start;

static void begin_cell(void) {
  streams_begin_cell();
  wall_start = nanoseconds(CLOCK_MONOTONIC);
  processor_start = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
}

static void end_cell(const struct run_result *result) {
  streams_end_cell();
  finish_cell(result, nanoseconds(CLOCK_MONOTONIC) - wall_start,
              nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - processor_start);
}

static void run_job(const struct job *current) {
  void *library = dlopen(current->library, RTLD_NOW | RTLD_GLOBAL);
  void (*entry)(void) = library == NULL ? NULL : (void (*)(void))dlsym(library, current->symbol);
  struct run_result result = {.outcome = OUTCOME_LOAD};
  begin_cell();
  if (entry != NULL) {
    result = guard_run(entry);
  } else {
    fprintf(stderr, "%s\n", dlerror());
  }
  end_cell(&result);
}

static struct job next_job(void) {
  pthread_mutex_lock(&job_lock);
  while (!job.is_waiting) pthread_cond_wait(&job_changed, &job_lock);
  struct job next = job;
  job.is_waiting = false;
  pthread_mutex_unlock(&job_lock);
  return next;
}

/* Called between two cells that are compiled as one module: ends the first, and comes back when the second is asked
 * for. Where the runner gives the module up instead, it is never gone on with: what else there is to run runs on top of
 * its waiting frames. */
__attribute__((visibility("default"))) void offprint_cell_ended(void) {
  guard_pause();
  end_cell(&(struct run_result){.outcome = OUTCOME_SUCCESS});
  for (;;) {
    struct job next = next_job();
    if (next.is_continuation) break;
    run_job(&next);
  }
  begin_cell();
  guard_resume();
}

static void *run_cells(void *stack) {
  guard_install_thread(stack, STACK_SIZE);
  for (;;) {
    struct job next = next_job();
    run_job(&next);
  }
  return NULL;
}

static void start_cell_thread(void) {
  void *stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
  if (stack == MAP_FAILED) _exit(3);
  mprotect(stack, 4096, PROT_NONE); /* recursion without end ends here */
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, stack, STACK_SIZE);
  pthread_t thread;
  if (pthread_create(&thread, &attributes, run_cells, stack) != 0) _exit(3);
}

static void give_job(const char *library, const char *symbol, bool is_continuation) {
  pthread_mutex_lock(&job_lock);
  snprintf(job.library, sizeof job.library, "%s", library);
  snprintf(job.symbol, sizeof job.symbol, "%s", symbol);
  job.is_continuation = is_continuation;
  job.is_waiting = true;
  pthread_cond_signal(&job_changed);
  pthread_mutex_unlock(&job_lock);
}

static void obey(char *line) {
  line[strcspn(line, "\n")] = 0;
  if (strcmp(line, "stop") == 0) {
    guard_interrupt();
  } else if (strcmp(line, "next") == 0) {
    give_job("", "", true);
  } else if (strncmp(line, "run ", 4) == 0) {
    char *tab = strchr(line, '\t');
    if (tab == NULL) return;
    *tab = 0;
    give_job(line + 4, tab + 1, false);
  }
}

/* Ends of pipes that belong to compilers started meanwhile must not live on here: their readers would wait for ever. */
static void close_others(int commands, int events) {
  int low = commands < events ? commands : events, high = commands < events ? events : commands;
  syscall(SYS_close_range, 3, low - 1, 0);
  if (high > low + 1) syscall(SYS_close_range, low + 1, high - 1, 0);
  syscall(SYS_close_range, high + 1, ~0u, 0);
}

static struct sandbox read_arguments(int count, char **arguments) {
  struct sandbox sandbox = {0};
  for (int i = 4; i < count; i++) {
    bool has_value = i + 1 < count;
    if (strcmp(arguments[i], "--no-network") == 0) {
      sandbox.denies_network = true;
    } else if (strcmp(arguments[i], "--read") == 0 && has_value && sandbox.readable_count < 64) {
      sandbox.readable[sandbox.readable_count++] = arguments[++i];
    } else if (strcmp(arguments[i], "--write") == 0 && has_value && sandbox.writable_count < 16) {
      sandbox.writable[sandbox.writable_count++] = arguments[++i];
    } else if (strcmp(arguments[i], "--memory") == 0 && has_value) {
      sandbox.memory = strtoull(arguments[++i], NULL, 10);
    } else if (strcmp(arguments[i], "--folder") == 0 && has_value) {
      if (chdir(arguments[++i]) != 0) _exit(2);
    }
  }
  return sandbox;
}

int main(int count, char **arguments) {
  if (count < 4) {
    fputs("offprint-kernel is started by offprint\n", stderr);
    return 2;
  }
  close_others(atoi(arguments[2]), atoi(arguments[3]));
  FILE *commands = fdopen(atoi(arguments[2]), "r");
  if (commands == NULL) return 2;
  struct sandbox sandbox = read_arguments(count, arguments);
  const char *missing = sandbox_enter(&sandbox);
  streams_start(atoi(arguments[3]));
  /* A thread that waits for others in a loop spins; on a processor that it shares with other programs, for whole time
   * slices in which they cannot run. The library reads this when the runtime loads it. */
  setenv("GOMP_SPINCOUNT", "1000", 0);
  if (dlopen(arguments[1], RTLD_NOW | RTLD_GLOBAL) == NULL) {
    const char *reason = dlerror();
    emit_frame(FRAME_FATAL, reason, strlen(reason));
    _exit(3);
  }
  guard_install();
  guard_watch_throws();
  start_cell_thread();
  emit_frame(FRAME_READY, missing, strlen(missing));
  static char line[8192];
  while (fgets(line, sizeof line, commands) != NULL) obey(line);
  _exit(0);
}
