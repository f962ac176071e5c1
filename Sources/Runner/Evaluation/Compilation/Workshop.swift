/// Starts compilations, a limited number at a time.
struct Workshop: Sendable {
  private let compiler: CellCompiler
  private let slots: Slots
  private let onStart: @Sendable (String) -> Void

  init(compiler: CellCompiler, jobs: Int, onStart: @escaping @Sendable (String) -> Void) {
    self.compiler = compiler
    slots = Slots(jobs)
    self.onStart = onStart
  }

  /// Whether a module was compiled before.
  func has(_ source: CellSource) -> Bool { compiler.cached(source) != nil }

  /// Compiles a module as soon as the ones that it needs are there.
  func start(
    _ source: CellSource,
    name: String,
    needs: [Task<CellCompiler.Outcome, Never>],
    imports: [String]
  ) -> Task<CellCompiler.Outcome, Never> {
    Task {
      for work in needs {
        if case .failed(let messages, _) = await work.value { return .failed(messages, seconds: 0) }
      }
      if let product = compiler.cached(source) { return .compiled(product) }
      return await slots.use {
        onStart(name)
        return await compiler.compile(source, imports: imports)
      }
    }
  }
}

/// A number of places for work that may go on at once.
private actor Slots {
  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { free = max(count, 1) }

  nonisolated func use<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result {
    await take()
    let result = await body()
    await giveBack()
    return result
  }

  private func take() async {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  private func giveBack() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}
