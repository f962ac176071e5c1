/// A notebook that cannot be read; each diagnostic names one cause.
package struct NotebookError: Error, Sendable, Equatable {
  package var diagnostics: [Diagnostic]

  package init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
  package init(_ diagnostic: Diagnostic) { diagnostics = [diagnostic] }
}
