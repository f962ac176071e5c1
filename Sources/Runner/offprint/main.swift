import Evaluation
import Foundation
import Notebook
import Pipeline
import Record

let paths = try NotebookFinder.find(Array(CommandLine.arguments.dropFirst()))
let printer = DiagnosticText()
for path in paths {
  let notebook = try NotebookReader.read(path: path)
  let installation = try Installation.find()
  let evaluator = Evaluator(installation: installation, options: EvaluationOptions()) { print($0) }
  let record = try await evaluator.evaluate(notebook)
  for (cell, result) in zip(notebook.cells, record.cells) {
    print("== \(cell.name) \(result.times)")
    switch result.status {
    case .failed(let failure):
      for d in failure.diagnostics { print(printer.text(d, source: notebook.source)) }
      print(failure.backtrace.joined(separator: "\n"))
    default: print(result.status)
    }
    for d in result.diagnostics { print(printer.text(d, source: notebook.source)) }
    for item in result.items { print(String(describing: item).prefix(300)) }
  }
  for e in record.expressions { print(e) }
}
