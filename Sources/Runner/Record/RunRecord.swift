package import Display
package import Notebook

/// What a run of a notebook leaves: everything that a renderer needs besides the notebook itself.
package struct RunRecord: Sendable, Equatable {
  /// One result for each cell of the notebook, in order.
  package var cells: [CellResult]
  /// One result for each inline expression, in order.
  package var expressions: [ExpressionResult]
  /// The parameters as they were used.
  package var parameters: [ParameterRecord]
  /// Name of the profile; nil for the notebook's defaults.
  package var profile: String?
  package var environment: EnvironmentRecord

  package init(
    cells: [CellResult] = [],
    expressions: [ExpressionResult] = [],
    parameters: [ParameterRecord] = [],
    profile: String? = nil,
    environment: EnvironmentRecord = EnvironmentRecord()
  ) {
    self.cells = cells
    self.expressions = expressions
    self.parameters = parameters
    self.profile = profile
    self.environment = environment
  }

  /// All claims in the order of the text.
  package var claims: [ClaimOutput] {
    cells.flatMap(\.items).flatMap { item -> [ClaimOutput] in
      guard case .output(let output) = item else { return [] }
      return output.claims
    }
  }

  /// Positions of the cells whose failure nobody expected.
  package func failedCells(in notebook: Notebook) -> [Int] {
    zip(notebook.cells, cells).compactMap { cell, result in
      guard case .failed = result.status else { return nil }
      return cell.options.allowsError ?? notebook.frontMatter.execute.allowsError ? nil : cell.index
    }
  }

  /// Whether a cell or an inline expression failed that should not have.
  package func hasUnexpectedFailure(in notebook: Notebook) -> Bool {
    let failsInline = expressions.contains { if case .failed = $0 { true } else { false } }
    return failsInline || !failedCells(in: notebook).isEmpty
  }
}

extension Output {
  /// The claims in this output.
  package var claims: [ClaimOutput] {
    switch self {
    case .claim(let claim): [claim]
    case .group(let outputs): outputs.flatMap(\.claims)
    default: []
    }
  }
}

/// What became of one cell.
package struct CellResult: Sendable, Equatable {
  package enum Status: Sendable, Equatable {
    case succeeded
    case failed(Failure)
    /// Not run, because of what stands in `reason` ("cell 3, which defines 'column', failed").
    case skipped(reason: String)
    /// `eval: false`.
    case disabled
  }

  /// One thing that the cell left, in order of time.
  package enum Item: Sendable, Equatable {
    case output(Output)
    case standardOutput(String)
    case standardError(String)
  }

  package var status: Status
  package var items: [Item]
  /// Warnings of the compiler, at the notebook's own places.
  package var diagnostics: [Diagnostic]
  /// Content key of the compiled cell, 64 hexadecimal digits; empty when it was not compiled.
  package var key: String
  package var times: Times

  /// Seconds, and the memory of the kernel; they differ from run to run and never go into the page.
  package struct Times: Sendable, Equatable {
    package var compileWall: Double = 0
    package var runWall: Double = 0
    package var runProcessor: Double = 0
    /// The most memory that the kernel held up to the end of the cell, in bytes; 0 where it is not known.
    package var peakMemory = 0

    package init(compileWall: Double = 0, runWall: Double = 0, runProcessor: Double = 0, peakMemory: Int = 0) {
      self.compileWall = compileWall
      self.runWall = runWall
      self.runProcessor = runProcessor
      self.peakMemory = peakMemory
    }
  }

  package init(
    status: Status = .succeeded,
    items: [Item] = [],
    diagnostics: [Diagnostic] = [],
    key: String = "",
    times: Times = Times()
  ) {
    self.status = status
    self.items = items
    self.diagnostics = diagnostics
    self.key = key
    self.times = times
  }
}

/// Why a cell or an inline expression failed.
package struct Failure: Sendable, Equatable {
  package enum Kind: String, Sendable, Equatable, CaseIterable {
    case compilation
    case thrownError
    case trap
    case exit
    case timeout
    case memoryLimit
    case kernelLost
    case display
  }

  package var kind: Kind
  /// At least one; the first says what happened, at the author's line where one is known.
  package var diagnostics: [Diagnostic]
  /// The author's frames of the backtrace, innermost first: "function at notebook.md:12:5".
  package var backtrace: [String]

  package init(kind: Kind, diagnostics: [Diagnostic], backtrace: [String] = []) {
    self.kind = kind
    self.diagnostics = diagnostics
    self.backtrace = backtrace
  }
}

/// The value of one inline expression.
package enum ExpressionResult: Sendable, Equatable {
  /// How the value reads, and the full value for machines.
  case value(text: String, machine: String)
  case failed(Diagnostic)
  case skipped(reason: String)
}

/// A parameter as used in a run.
package struct ParameterRecord: Sendable, Equatable {
  package var name: String
  package var value: String
  /// The notebook's default, when the run used another value.
  package var defaultValue: String?

  package init(name: String, value: String, defaultValue: String? = nil) {
    self.name = name
    self.value = value
    self.defaultValue = defaultValue
  }
}

/// Where a run took place; no user, host or path names.
package struct EnvironmentRecord: Sendable, Equatable {
  package var offprintVersion = ""
  package var swiftVersion = ""
  package var operatingSystem = ""
  package var processor = ""
  package var cores = 0
  /// Name and kernel of the linear algebra library.
  package var linearAlgebra = ""
  package var threads = 0
  /// SHA-256 of the notebook file.
  package var notebookHash = ""
  /// Data sets and files used: name, SHA-256, and whether it is real or synthetic.
  package var data: [DataRecord] = []

  package init() {}
}

package struct DataRecord: Sendable, Equatable {
  package var name: String
  package var hash: String
  package var note: String

  package init(name: String, hash: String, note: String) {
    self.name = name
    self.hash = hash
    self.note = note
  }
}
