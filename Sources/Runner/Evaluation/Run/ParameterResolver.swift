internal import Foundation
internal import Notebook
internal import Record

/// The parameters of one run: defaults, then the profile, then the command line.
struct ParameterResolver {
  var values: [Parameter]
  var records: [ParameterRecord]

  init(_ frontMatter: FrontMatter, path: String, options: EvaluationOptions) throws(NotebookError) {
    values = frontMatter.parameters
    if let profile = options.profile {
      guard let overrides = frontMatter.profiles[profile] else {
        throw NotebookError(Self.unknownProfile(profile, frontMatter, path))
      }
      for index in values.indices {
        if let value = overrides[values[index].name] { values[index].value = value }
      }
    }
    for (name, text) in options.overrides {
      guard let index = values.firstIndex(where: { $0.name == name }) else {
        throw NotebookError(Self.unknownParameter(name, frontMatter, path))
      }
      guard let value = ParameterValue(argument: text, like: values[index].value) else {
        let type = values[index].value.typeName
        throw NotebookError(
          Diagnostic(
            .error,
            file: path,
            range: values[index].range,
            "parameter '\(name)' is of type \(type); '\(text)' cannot be read as one"
          )
        )
      }
      values[index].value = value
    }
    records = zip(values, frontMatter.parameters).map { value, original in
      ParameterRecord(
        name: value.name,
        value: value.value.text,
        defaultValue: value.value == original.value ? nil : original.value.text
      )
    }
  }

  /// How the kernel gets the values.
  func environment(profile: String?) -> [String: String] {
    var environment = ["OFFPRINT_PARAM__profile": profile ?? ""]
    for parameter in values {
      environment["OFFPRINT_PARAM_" + parameter.name] =
        switch parameter.value {
        case .integers(let list): list.map(String.init).joined(separator: "\u{1F}")
        case .numbers(let list): list.map { String($0) }.joined(separator: "\u{1F}")
        case .strings(let list): list.joined(separator: "\u{1F}")
        case .boolean, .integer, .number, .string: parameter.value.text
        }
    }
    return environment
  }

  private static func unknownProfile(_ name: String, _ frontMatter: FrontMatter, _ path: String) -> Diagnostic {
    let known = frontMatter.profiles.keys.sorted()
    let nearest = suggestion(for: name, among: known)
    let list = known.isEmpty ? "this notebook has none" : "known: \(known.joined(separator: ", "))"
    return Diagnostic(.error, file: path, "unknown profile '\(name)'\(nearest) (\(list))")
  }

  private static func unknownParameter(_ name: String, _ frontMatter: FrontMatter, _ path: String) -> Diagnostic {
    let known = frontMatter.parameters.map(\.name)
    let nearest = suggestion(for: name, among: known)
    let list = known.isEmpty ? "this notebook has none" : "known: \(known.sorted().joined(separator: ", "))"
    return Diagnostic(.error, file: path, "unknown parameter '\(name)'\(nearest) (\(list))")
  }
}
