internal import Foundation
internal import Synchronization

/// A kernel that is started on a thread of its own while cells still compile, and does its blocking work there.
final class LazyKernel: Sendable {
  private let queue = DispatchQueue(label: "offprint.kernel")
  private let installation: Installation
  private let options: KernelProcess.Options
  // Touched on the queue only, which runs one block at a time.
  private nonisolated(unsafe) var kernel: Result<KernelProcess, KernelError>?

  init(installation: Installation, options: KernelProcess.Options) {
    self.installation = installation
    self.options = options
  }

  /// Starts the kernel without waiting for it.
  func start() { queue.async { _ = self.started() } }

  private func started() -> Result<KernelProcess, KernelError> {
    if let kernel { return kernel }
    let result = Result { () throws(KernelError) in try KernelProcess(installation: installation, options: options) }
    kernel = result
    return result
  }

  /// Runs a cell and waits for its end.
  func run(
    _ order: CellRun.Order,
    onProgress: @escaping @Sendable (Double, String) -> Void = { _, _ in }
  ) async throws -> CellRun.Result {
    try await withCheckedThrowingContinuation { continuation in
      queue.async {
        continuation.resume(
          with: self.started().map { kernel in
            var run = CellRun(kernel: kernel, order: order, onProgress: onProgress)
            return run.run()
          }.mapError { $0 as any Error }
        )
      }
    }
  }
}
