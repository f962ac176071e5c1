/// The YAML head of a notebook, checked against its schema.
package struct FrontMatter: Sendable, Hashable {
  package var title: String
  package var subtitle: String?
  package var authors: [Author] = []
  /// ISO 8601 date.
  package var date: String?
  /// BCP 47 tag.
  package var language = "en"
  package var abstract: String?
  package var tags: [String] = []
  package var paper: Paper?
  package var parameters: [Parameter] = []
  /// Overrides of parameters by profile name.
  package var profiles: [String: [String: ParameterValue]] = [:]
  /// Names of data sets and files that must be at hand before anything runs.
  package var data: [String] = []
  /// BibTeX files, relative to the notebook.
  package var bibliography: [String] = []
  package var execute = ExecutionDefaults()

  package init(title: String) { self.title = title }
}

package struct Author: Sendable, Hashable {
  package var name: String
  package var orcid: String?
  package var affiliation: String?

  package init(name: String, orcid: String? = nil, affiliation: String? = nil) {
    self.name = name
    self.orcid = orcid
    self.affiliation = affiliation
  }
}

/// The paper that is replicated.
package struct Paper: Sendable, Hashable {
  package var title: String
  package var authors: [String] = []
  package var year: Int?
  package var venue: String?
  package var arxiv: String?
  package var doi: String?
  /// Address of the authors' code.
  package var code: String?

  package init(title: String) { self.title = title }
}

/// A parameter of the notebook, typed by its default.
package struct Parameter: Sendable, Hashable {
  package var name: String
  package var value: ParameterValue
  package var range: SourceRange

  package init(name: String, value: ParameterValue, range: SourceRange) {
    self.name = name
    self.value = value
    self.range = range
  }
}

package enum ParameterValue: Sendable, Hashable {
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case integers([Int])
  case numbers([Double])
  case strings([String])

  /// Name of the Swift type that a cell sees.
  package var typeName: String {
    switch self {
    case .boolean: "Bool"
    case .integer: "Int"
    case .number: "Double"
    case .string: "String"
    case .integers: "[Int]"
    case .numbers: "[Double]"
    case .strings: "[String]"
    }
  }
}

/// Defaults for every cell.
package struct ExecutionDefaults: Sendable, Hashable {
  /// Seconds that a cell may run.
  package var timeout: Double = 120
  package var echo: CellOptions.Echo = .shown
  /// Whether failures are expected and the run goes on without counting them.
  package var allowsError = false
  package var allowsNetwork = false
  /// Bytes of memory that the kernel may use.
  package var memory: Int = 8 << 30

  package init() {}
}
