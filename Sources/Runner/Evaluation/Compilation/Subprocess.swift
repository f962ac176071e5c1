internal import Foundation

/// Runs a program to its end and keeps what it printed.
package struct Subprocess: Sendable {
  package var status: Int32
  package var output: String
  package var errors: String

  /// Runs a program; its standard error goes to a file of its own, so that neither pipe can fill up.
  package static func run(_ program: String, _ arguments: [String], folder: String? = nil) throws -> Subprocess {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let reader = PipeReader(errors.fileHandleForReading)
    let outputData = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Subprocess(
      status: process.terminationStatus,
      output: String(decoding: outputData, as: UTF8.self),
      errors: String(decoding: reader.wait(), as: UTF8.self)
    )
  }

  /// Runs a program on a thread of its own, so that no thread of the concurrency pool waits for it.
  static func runAside(_ program: String, _ arguments: [String], folder: String? = nil) async throws -> Subprocess {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(with: Result { try run(program, arguments, folder: folder) })
      }
    }
  }
}

/// Reads a pipe to its end on another thread.
private final class PipeReader: @unchecked Sendable {
  // Written by the reading thread before the semaphore is signalled, read after it was waited for.
  private var data = Data()
  private let done = DispatchSemaphore(value: 0)

  init(_ handle: FileHandle) {
    Thread.detachNewThread { [self] in
      data = handle.readDataToEndOfFile()
      done.signal()
    }
  }

  func wait() -> Data {
    done.wait()
    return data
  }
}
