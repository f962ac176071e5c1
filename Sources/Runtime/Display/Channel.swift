#if canImport(Glibc)
  internal import Glibc
#endif
internal import Synchronization

/// The way from the runtime to the runner.
///
/// In a kernel the process provides `offprint_emit`, and every message becomes one frame; anywhere else (a test, a plain
/// program that links the runtime) text forms go to standard output, or to a collector installed for a test.
public struct Channel: Sendable {
  private typealias Emit = @convention(c) (UnsafePointer<UInt8>, Int) -> Void

  /// The channel of this process.
  public static let current = Channel()

  private let emit: Emit?
  private let collected: CollectedMessages

  private init() {
    // RTLD_DEFAULT is a null handle; it is a macro that Swift does not import.
    emit = dlsym(nil, "offprint_emit").map { unsafeBitCast($0, to: Emit.self) }
    collected = CollectedMessages()
  }

  /// Sends one message.
  public func send(_ message: Message) {
    if let emit {
      let bytes = message.encoded()
      bytes.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        emit(base, buffer.count)
      }
    } else {
      collected.append(message)
    }
  }

  /// The messages sent since the last call, where no kernel took them.
  public func takeCollected() -> [Message] { collected.take() }
}

/// Messages kept in a process without a kernel.
private final class CollectedMessages: Sendable {
  private let messages = Mutex<[Message]>([])

  func append(_ message: Message) { messages.withLock { $0.append(message) } }

  func take() -> [Message] {
    messages.withLock { list in
      defer { list = [] }
      return list
    }
  }
}
