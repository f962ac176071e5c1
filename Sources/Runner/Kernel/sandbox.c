#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel.h"

/* Landlock has no C library on Debian 12, and the installed kernel headers may be older than the kernel: the three calls
 * and the rights are declared here, as the kernel's user-space interface fixes them. */
struct landlock_ruleset { uint64_t handled_access_fs, handled_access_net, scoped; };
struct landlock_beneath { uint64_t allowed_access; int32_t parent_fd; } __attribute__((packed));
enum { CALL_CREATE = 444, CALL_ADD = 445, CALL_RESTRICT = 446, RULE_BENEATH = 1, VERSION_FLAG = 1 };
enum {
  FS_EXECUTE = 1 << 0, FS_WRITE_FILE = 1 << 1, FS_READ_FILE = 1 << 2, FS_READ_DIR = 1 << 3,
  FS_ALL_V1 = (1 << 13) - 1, FS_REFER = 1 << 13, FS_TRUNCATE = 1 << 14, FS_IOCTL_DEV = 1 << 15,
  NET_ALL = 3, SCOPE_SIGNAL = 2,
};

static void allow(int ruleset, const char *path, uint64_t access, uint64_t handled) {
  int descriptor = open(path, O_PATH | O_CLOEXEC);
  if (descriptor < 0) return; /* what does not exist need not be allowed */
  struct stat status;
  /* Rights that only folders have are refused for files. */
  if (fstat(descriptor, &status) == 0 && !S_ISDIR(status.st_mode))
    access &= FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV;
  struct landlock_beneath rule = {.allowed_access = access & handled, .parent_fd = descriptor};
  syscall(CALL_ADD, ruleset, RULE_BENEATH, &rule, 0);
  close(descriptor);
}

static bool restrict_files(const struct sandbox *sandbox) {
  long version = syscall(CALL_CREATE, NULL, 0, VERSION_FLAG);
  if (version < 1) return false;
  struct landlock_ruleset rules = {.handled_access_fs = FS_ALL_V1};
  if (version >= 2) rules.handled_access_fs |= FS_REFER;
  if (version >= 3) rules.handled_access_fs |= FS_TRUNCATE;
  if (version >= 5) rules.handled_access_fs |= FS_IOCTL_DEV;
  if (version >= 4 && sandbox->denies_network) rules.handled_access_net = NET_ALL;
  if (version >= 6) rules.scoped = SCOPE_SIGNAL;
  size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  int ruleset = (int)syscall(CALL_CREATE, &rules, size, 0);
  if (ruleset < 0) return false;
  for (size_t i = 0; i < sandbox->readable_count; i++)
    allow(ruleset, sandbox->readable[i], FS_EXECUTE | FS_READ_FILE | FS_READ_DIR, rules.handled_access_fs);
  for (size_t i = 0; i < sandbox->writable_count; i++)
    allow(ruleset, sandbox->writable[i], rules.handled_access_fs, rules.handled_access_fs);
  bool done = syscall(CALL_RESTRICT, ruleset, 0) == 0;
  close(ruleset);
  return done;
}

#if defined(__x86_64__)
enum { ARCHITECTURE = AUDIT_ARCH_X86_64 };
#elif defined(__aarch64__)
enum { ARCHITECTURE = AUDIT_ARCH_AARCH64 };
#endif

/* Local sockets stay; every other family is refused, and so are the ways round it: io_uring, and reaching into other
 * processes of the same user. */
static bool restrict_network(void) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)ARCHITECTURE, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 6, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_writev, 5, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 425 /* io_uring_setup */, 4, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 4),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 2, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {.len = sizeof filter / sizeof filter[0], .filter = filter};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

const char *sandbox_enter(const struct sandbox *sandbox) {
  static char missing[128];
  if (sandbox->memory > 0) {
    struct rlimit limit = {sandbox->memory, sandbox->memory};
    if (setrlimit(RLIMIT_DATA, &limit) != 0) strcat(missing, "memory limit,");
  }
  struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) strcat(missing, "privileges,");
  if (sandbox->readable_count > 0 && !restrict_files(sandbox)) strcat(missing, "files,");
  if (sandbox->denies_network && !restrict_network()) strcat(missing, "network,");
  return missing;
}
