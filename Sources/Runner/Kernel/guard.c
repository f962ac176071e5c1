#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include "kernel.h"

/* A cell may throw, trap, call exit or run for ever. Each way out ends in a jump back to guard_run, so that the kernel
 * and the variables of earlier cells live on. */

enum { INTERRUPT_SIGNAL = SIGUSR2 };

static pthread_t cell_thread;
static volatile sig_atomic_t is_running;
static volatile sig_atomic_t interrupt_is_pending;
volatile sig_atomic_t guard_is_emitting;
static sigjmp_buf way_back;
static struct run_result result;
static struct trace last_throw;
static uintptr_t stack_low, stack_high;

static bool on_cell_thread(void) { return is_running && pthread_equal(pthread_self(), cell_thread); }

/* Follows the chain of frame pointers; every step is checked against the stack, so that a broken chain just ends. */
static void walk_stack(uintptr_t frame, struct trace *trace) {
  while (trace->count < MAX_FRAMES && frame >= stack_low && frame + 16 <= stack_high && frame % 8 == 0) {
    uintptr_t next = ((uintptr_t *)frame)[0];
    uintptr_t address = ((uintptr_t *)frame)[1];
    if (address == 0) break;
    trace->address[trace->count++] = address;
    if (next <= frame) break;
    frame = next;
  }
}

static _Unwind_Reason_Code note_frame(struct _Unwind_Context *context, void *data) {
  struct trace *trace = data;
  uintptr_t address = _Unwind_GetIP(context);
  if (address == 0 || trace->count == MAX_FRAMES) return _URC_END_OF_STACK;
  trace->address[trace->count++] = address;
  return _URC_NO_REASON;
}

/* Libraries in C may keep no frame pointers; the unwinder finds its way through them by their tables. It is slower and
 * needs room on the stack, so it serves only where the stack is sound. */
static void unwind_stack(struct trace *trace) { _Unwind_Backtrace(note_frame, trace); }

static void report_lost_thread(int signal_number) {
  char text[128];
  int size = snprintf(text, sizeof text, "signal %d (%s) on a thread that the cell had started", signal_number,
                      strsignal(signal_number));
  emit_frame(FRAME_FATAL, text, (size_t)size);
  syscall(SYS_exit_group, 4);
}

static void on_trap(int signal_number, siginfo_t *info, void *context) {
  if (!on_cell_thread()) report_lost_thread(signal_number);
  memset(&result, 0, sizeof result);
  result.outcome = OUTCOME_TRAP;
  result.detail = signal_number;
  uintptr_t fault = (uintptr_t)info->si_addr;
  if (signal_number == SIGSEGV && fault + (1 << 16) > stack_low && fault < stack_low + (1 << 16))
    result.detail = DETAIL_STACK_OVERFLOW;
#if defined(__x86_64__)
  const greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  uintptr_t address = (uintptr_t)registers[REG_RIP], frame = (uintptr_t)registers[REG_RBP];
#elif defined(__aarch64__)
  const mcontext_t *registers = &((ucontext_t *)context)->uc_mcontext;
  uintptr_t address = registers->pc, frame = registers->regs[29];
#else
#error "the kernel knows x86-64 and AArch64"
#endif
  if (signal_number == SIGABRT) {
    unwind_stack(&result.trace);
  } else {
    result.trace.address[result.trace.count++] = address + 1; /* as return addresses are: behind the instruction */
    walk_stack(frame, &result.trace);
  }
  siglongjmp(way_back, 1);
}

static void leave_interrupted(void) {
  memset(&result, 0, sizeof result);
  result.outcome = OUTCOME_INTERRUPT;
  walk_stack((uintptr_t)__builtin_frame_address(0), &result.trace);
  siglongjmp(way_back, 1);
}

static void on_interrupt(int signal_number, siginfo_t *info, void *context) {
  (void)signal_number, (void)info;
  if (!on_cell_thread()) return;
  if (guard_is_emitting) {
    interrupt_is_pending = 1; /* a frame half written would spoil the protocol */
    return;
  }
  memset(&result, 0, sizeof result);
  result.outcome = OUTCOME_INTERRUPT;
#if defined(__x86_64__)
  const greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  result.trace.address[result.trace.count++] = (uintptr_t)registers[REG_RIP] + 1;
  walk_stack((uintptr_t)registers[REG_RBP], &result.trace);
#else
  (void)context;
  walk_stack((uintptr_t)__builtin_frame_address(0), &result.trace);
#endif
  siglongjmp(way_back, 1);
}

void guard_emission_ended(void) {
  if (interrupt_is_pending && guard_is_emitting == 0 && on_cell_thread()) {
    interrupt_is_pending = 0;
    leave_interrupted();
  }
}

void guard_install(void) {
  struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  const int traps[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGSYS};
  for (size_t i = 0; i < sizeof traps / sizeof traps[0]; i++) sigaction(traps[i], &action, NULL);
  struct sigaction interrupt = {.sa_sigaction = on_interrupt, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
  sigaction(INTERRUPT_SIGNAL, &interrupt, NULL);
  signal(SIGPIPE, SIG_IGN);
  /* The runner may have started us from a thread that blocks signals; the mask is inherited. */
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

void guard_install_thread(void *low, size_t size) {
  cell_thread = pthread_self();
  stack_low = (uintptr_t)low;
  stack_high = stack_low + size;
  /* A stack overflow leaves no room on the stack for its own handler. */
  stack_t alternative = {.ss_sp = malloc(1 << 16), .ss_size = 1 << 16};
  if (alternative.ss_sp != NULL) sigaltstack(&alternative, NULL);
}

void guard_interrupt(void) {
  if (is_running) pthread_kill(cell_thread, INTERRUPT_SIGNAL);
}

/* Called by the Swift runtime for every throw: remembers where the last one was. */
static void note_throw(void *error) {
  (void)error;
  if (!on_cell_thread()) return;
  last_throw.count = 0;
  walk_stack((uintptr_t)__builtin_frame_address(0), &last_throw);
}

void guard_watch_throws(void) {
  void (*set_handler)(void (*)(void *)) =
      (void (*)(void (*)(void *)))dlsym(RTLD_DEFAULT, "_swift_setWillThrowHandler");
  if (set_handler != NULL) set_handler(note_throw);
}

struct run_result guard_run(void (*entry)(void)) {
  memset(&result, 0, sizeof result);
  last_throw.count = 0;
  interrupt_is_pending = 0;
  if (sigsetjmp(way_back, 1) == 0) {
    is_running = 1;
    entry();
  }
  is_running = 0;
  guard_is_emitting = 0;
  return result;
}

/* Between two cells of one module nothing runs that could be interrupted. */
void guard_pause(void) { is_running = 0; }

void guard_resume(void) {
  last_throw.count = 0;
  interrupt_is_pending = 0;
  is_running = 1;
}

/* The compiler calls this for an error that leaves the top level of a cell; being defined here, it wins over the one of
 * the Swift runtime, which would end the process. */
__attribute__((visibility("default"))) void swift_errorInMain(void *error) {
  void (*describe)(void *) = (void (*)(void *))dlsym(RTLD_DEFAULT, "offprint_describe_error");
  if (describe != NULL) describe(error);
  memset(&result, 0, sizeof result);
  result.outcome = OUTCOME_ERROR;
  result.trace = last_throw;
  if (result.trace.count == 0) walk_stack((uintptr_t)__builtin_frame_address(0), &result.trace);
  siglongjmp(way_back, 1);
}

/* Likewise, a cell that calls exit ends itself, not the kernel. */
__attribute__((visibility("default"))) void exit(int code) {
  if (on_cell_thread()) {
    memset(&result, 0, sizeof result);
    result.outcome = OUTCOME_EXIT;
    result.detail = code;
    walk_stack((uintptr_t)__builtin_frame_address(0), &result.trace);
    siglongjmp(way_back, 1);
  }
  syscall(SYS_exit_group, code);
  __builtin_unreachable();
}

__attribute__((visibility("default"))) void _exit(int code) { exit(code); }
__attribute__((visibility("default"))) void _Exit(int code) { exit(code); }
