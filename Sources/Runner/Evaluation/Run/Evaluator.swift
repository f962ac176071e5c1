internal import Foundation
package import Notebook
package import Record

/// Evaluates a notebook: compiles its cells, runs them from top to bottom in a fresh kernel, and records what they leave.
package struct Evaluator: Sendable {
  private let installation: Installation
  private let options: EvaluationOptions
  private let report: @Sendable (EvaluationEvent) -> Void

  package init(
    installation: Installation,
    options: EvaluationOptions,
    report: @escaping @Sendable (EvaluationEvent) -> Void = { _ in }
  ) {
    self.installation = installation
    self.options = options
    self.report = report
  }

  /// Evaluates a notebook, or finds the record of an earlier run of the same cells.
  ///
  /// - Throws: `NotebookError` for a wrong profile or parameter or data that are not at hand, `KernelError` when no kernel can
  ///   be started. Whatever cells do is part of the record.
  package func evaluate(_ notebook: Notebook) async throws -> RunRecord {
    let parameters = try ParameterResolver(notebook.frontMatter, path: notebook.path, options: options)
    try NeededData(notebook, folder: folder(of: notebook.path), cache: installation.cache).check()
    let plan = EvaluationPlan(notebook, installation: installation)
    let key = recordKey(plan, notebook, parameters)
    let store = RecordStore(folder: installation.cache + "/records")
    if !options.ignoresRecords, var record = store.load(key: key, notebook: notebook) {
      report(.reused(notebook: notebook.path))
      record.environment.notebookHash = ContentHash(notebook.source).description
      return record
    }
    var record = try await run(plan, notebook, parameters)
    record.parameters = parameters.records
    record.profile = options.profile
    record.environment = environment(notebook)
    // What failed is tried again: data may be at hand, or the machine less busy, next time.
    if !record.hasUnexpectedFailure(in: notebook) { store.save(record, key: key, notebook: notebook) }
    return record
  }

  /// Everything that a run depends on.
  private func recordKey(_ plan: EvaluationPlan, _ notebook: Notebook, _ parameters: ParameterResolver) -> String {
    var parts = plan.keys
    parts += parameters.environment(profile: options.profile).map { "\($0.key)=\($0.value)" }.sorted()
    parts += notebook.cells.map { cell in
      "\(cell.options.evaluates) \(cell.options.timeout ?? 0) \(cell.options.allowsError as Bool?)"
    }
    parts.append("\(notebook.frontMatter.execute)")
    parts.append(installation.data)
    parts.append("\(options.isSandboxed) \(options.allowsNetwork)")
    parts += notebook.frontMatter.data.map { fingerprint($0, beside: notebook.path) }
    return ContentHash(parts).description
  }

  /// Data files named by the front matter take part in the key with their content.
  private func fingerprint(_ name: String, beside path: String) -> String {
    let file = folder(of: path) + "/" + name
    guard let data = FileManager.default.contents(atPath: file) else { return name }
    return name + ContentHash(data).description
  }

  private func folder(of path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().path
  }

  private func environment(_ notebook: Notebook) -> EnvironmentRecord {
    var environment = EnvironmentRecord.current
    environment.swiftVersion = installation.swiftVersion
    environment.notebookHash = ContentHash(notebook.source).description
    return environment
  }

  private func run(
    _ plan: EvaluationPlan,
    _ notebook: Notebook,
    _ parameters: ParameterResolver
  ) async throws -> RunRecord {
    let compiler = CellCompiler(installation: installation)
    let workshop = Workshop(compiler: compiler, jobs: options.jobs) { [report] in report(.compiling(cell: $0)) }
    let compilation = Compilation(plan: plan, workshop: workshop)
    let scratch = FileManager.default.temporaryDirectory.path + "/offprint-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let kernel = LazyKernel(installation: installation, options: kernelOptions(notebook, parameters, scratch))
    var session = Session(plan: plan, notebook: notebook, installation: installation, report: report)
    if !plan.keys.isEmpty { kernel.start() }
    try await session.run(compilation, kernel)
    return session.record
  }

  private func kernelOptions(
    _ notebook: Notebook,
    _ parameters: ParameterResolver,
    _ scratch: String
  ) -> KernelProcess.Options {
    let inherited = ProcessInfo.processInfo.environment
    let allowed = [
      "PATH", "HOME", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "OPENBLAS_", "OMP_", "GOMP_", "DNNL_",
      "OFFPRINT_",
    ]
    // A notebook from a stranger must not find the secrets of a build server in its environment.
    var environment = inherited.filter { name, _ in allowed.contains { name.hasPrefix($0) } }
    environment["TMPDIR"] = scratch
    // Data sets that were fetched lie there, wherever the user keeps the cache.
    environment["OFFPRINT_CACHE"] = installation.cache
    environment.merge(parameters.environment(profile: options.profile)) { $1 }
    let folder = folder(of: notebook.path)
    let data = [inherited["OFFPRINT_DATA"], installation.cache].compactMap { $0 }
    return KernelProcess.Options(
      folder: folder,
      environment: environment,
      readable: [folder] + data,
      writable: [scratch],
      isSandboxed: options.isSandboxed,
      allowsNetwork: options.allowsNetwork && notebook.frontMatter.execute.allowsNetwork,
      memory: notebook.frontMatter.execute.memory
    )
  }
}
