internal import Foundation
internal import Synchronization

/// A running kernel: takes commands, sends frames.
///
/// Used by one evaluation at a time; every call blocks the calling thread, which is never one of the concurrency pool.
final class KernelProcess {
  struct Options: Sendable {
    var folder: String
    var environment: [String: String]
    var readable: [String]
    var writable: [String]
    var isSandboxed: Bool
    var allowsNetwork: Bool
    var memory: Int
  }

  private let process: pid_t
  private let commands: Int32
  private let events: Int32
  private var buffer: [UInt8] = []
  private var isDead = false
  /// Protections that the system could not enforce, as the kernel names them.
  private(set) var missingProtections: [String] = []

  /// Starts a kernel and waits until the runtime is loaded.
  init(installation: Installation, options: Options) throws(KernelError) {
    // Writing to a kernel that has died is an error to report, not a reason to die.
    signal(SIGPIPE, SIG_IGN)
    var commandEnds: [Int32] = [0, 0]
    var eventEnds: [Int32] = [0, 0]
    guard pipe(&commandEnds) == 0, pipe(&eventEnds) == 0 else {
      throw .cannotStart(reason: String(cString: strerror(errno)))
    }
    // Compilers started meanwhile must not inherit the ends: a kernel would never see the end of its commands.
    for end in commandEnds + eventEnds { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    // Copies under other numbers come first: a descriptor may already have the number that it is to get.
    posix_spawn_file_actions_adddup2(&actions, commandEnds[0], 103)
    posix_spawn_file_actions_adddup2(&actions, eventEnds[1], 104)
    let arguments =
      [installation.kernel, installation.runtime, "103", "104"] + Self.sandboxArguments(options, installation)
    var child: pid_t = 0
    let status = withCStrings(arguments) { argv in
      withCStrings(options.environment.map { "\($0.key)=\($0.value)" }.sorted()) { envp in
        posix_spawn(&child, installation.kernel, &actions, nil, argv, envp)
      }
    }
    close(commandEnds[0])
    close(eventEnds[1])
    process = child
    commands = commandEnds[1]
    events = eventEnds[0]
    guard status == 0 else { throw .cannotStart(reason: String(cString: strerror(status))) }
    switch nextFrame(deadline: .now + .seconds(60)) {
    case .frame(.ready(let missing)): missingProtections = missing
    case .frame(.fatal(let reason)): throw .cannotStart(reason: reason)
    default: throw .cannotStart(reason: "the kernel ended before it was ready")
    }
  }

  deinit {
    close(commands)
    close(events)
    if !isDead {
      kill(process, SIGKILL)
      var status: Int32 = 0
      waitpid(process, &status, 0)
    }
  }

  private static func sandboxArguments(_ options: Options, _ installation: Installation) -> [String] {
    var arguments = ["--folder", options.folder, "--memory", String(options.memory)]
    guard options.isSandboxed else { return arguments }
    let system = ["/usr", "/lib", "/lib64", "/etc", "/proc", "/sys", "/dev"]
    for path in system + installation.readableFolders + options.readable { arguments += ["--read", path] }
    let devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/shm"]
    for path in devices + options.writable { arguments += ["--write", path] }
    return options.allowsNetwork ? arguments : arguments + ["--no-network"]
  }

  /// Loads a compiled module and runs its only or first cell.
  func run(library: String, entry: String) {
    send("run \(library)\t\(entry)\n")
  }

  /// Runs the next cell of the module that the last one belongs to.
  func runNext() { send("next\n") }

  /// Asks the running cell to stop.
  func interrupt() { send("stop\n") }

  /// Ends the kernel at once.
  func terminate() { kill(process, SIGKILL) }

  private func send(_ command: String) {
    var bytes = Array(command.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(commands, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  enum Event {
    case frame(KernelFrame)
    case deadline
    /// The kernel has ended; the text says how.
    case lost(String)
  }

  /// Waits for the next frame.
  func nextFrame(deadline: ContinuousClock.Instant) -> Event {
    while true {
      do throws(WireFault) {
        if let frame = try KernelFrame.take(from: &buffer) { return .frame(frame) }
      } catch {
        terminate()
        return .lost("the kernel sent a broken message: \(error.reason)")
      }
      let left = deadline - .now
      guard left > .zero else { return .deadline }
      var polled = pollfd(fd: events, events: Int16(POLLIN), revents: 0)
      let milliseconds = Int32(clamping: Int((left / .milliseconds(1)).rounded(.up)))
      let ready = poll(&polled, 1, milliseconds)
      if ready == 0 { return .deadline }
      if ready < 0 { continue }
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(events, &chunk, chunk.count)
      if count > 0 {
        buffer += chunk[..<count]
      } else if count == 0 {
        return .lost(reap())
      }
    }
  }

  private func reap() -> String {
    var status: Int32 = 0
    waitpid(process, &status, 0)
    isDead = true
    let signal = status & 0x7F
    return signal == 0
      ? "the kernel ended with status \((status >> 8) & 0xFF)"
      : "the kernel was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
  }
}

package enum KernelError: Error, Sendable, CustomStringConvertible {
  case cannotStart(reason: String)

  package var description: String {
    switch self {
    case .cannotStart(let reason): "the kernel cannot start: \(reason)"
    }
  }
}

/// Calls a body with a null-terminated array of C strings.
private func withCStrings<Result>(
  _ strings: [String],
  _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
  defer { for pointer in pointers { free(pointer) } }
  return pointers.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress else { preconditionFailure("the array holds at least its end mark") }
    return body(base)
  }
}
