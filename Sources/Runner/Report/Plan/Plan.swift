internal import Display
internal import Notebook

/// What a page will hold, with every number and every name of a place settled before anything is written.
///
/// References may point forward, so numbers cannot be given while writing. The planner and the writer walk the blocks in
/// the same order; headings are taken from `headings` one after the other.
struct Plan {
  /// A place that a reference can name.
  struct Anchor {
    enum Kind { case figure, table, audio, equation, section, claim, cell, listing }

    var kind: Kind
    var id: String
    /// "3", "3a"; empty for places without numbers.
    var number: String
    /// Text of the link, such as "Figure 3".
    var title: String
  }

  struct Heading {
    var id: String
    /// Level in the page: the title has 1, sections begin with 2.
    var level: Int
    var content: [Inline]
    var text: String
    /// Whether it opens a section (headings inside quotes and lists do not).
    var opensSection: Bool
  }

  /// A call-out that the end of the page links to.
  struct ListedCallout {
    var id: String
    var title: [Inline]
    var content: [Block]
  }

  var headings: [Heading] = []
  var cells: [CellPlan] = []
  /// Places by the label that references use: "fig-loss", "claim-gc1".
  var anchors: [String: Anchor] = [:]
  /// Call-outs that the end of the page lists again.
  var deviations: [ListedCallout] = []
  var limitations: [ListedCallout] = []
  /// Names of call-outs in the order of the text.
  var calloutIDs: [String] = []
  /// Names and numbers of Markdown tables with a caption or a label, in the order of the text; nil for others.
  var tables: [Anchor?] = []
  /// Displayed formulas of the prose in order; nil where unlabelled.
  var equations: [Anchor?] = []
  /// Cited works in the order of first citation, numbered from 1.
  var citationNumbers: [String: Int] = [:]
  var citedKeys: [String] = []
  /// Footnote labels to numbers.
  var footnoteNumbers: [String: Int] = [:]
  var names = UniqueNames(reserved: ["content", "tools", "announcement", "provenance-data"])
  /// Names of the sections that the page itself adds; an author's own section of that name keeps it.
  var ownNames: [String: String] = [:]

  /// The name of a section that the page adds.
  func own(_ name: String) -> String { ownNames[name] ?? name }
}

/// What one cell shows, in order.
struct CellPlan {
  var id: String
  var parts: [Part]
  /// Names and titles of the tabs, one for each part that takes one; empty without `layout: tabs`.
  var tabs: [Tab] = []

  struct Tab {
    var id: String
    var title: String
  }

  indirect enum Part {
    case text(String)
    case standardOutput(String)
    case standardError(String)
    case figure(FigurePlan)
    case table(TableOutput, Caption)
    case audio([AudioOutput], Caption)
    case math(String)
    case markdown([Block])
    case html(String)
    case claim(ClaimOutput, id: String)
    case group([Part])
  }
}

/// A numbered figure of one or more panels.
struct FigurePlan {
  enum Drawing {
    case plot(FigureOutput)
    case picture(PictureOutput)
  }

  struct Panel {
    var drawing: Drawing
    var id: String
    /// "a", "b", …; nil for the only panel.
    var letter: String?
    var caption: [Inline]
    var altText: String
  }

  var caption: Caption
  var panels: [Panel]
}

/// Number, name and text under or above something.
struct Caption {
  /// "Figure 3", "Table 2", "Audio 1".
  var label: String
  var id: String
  var text: [Inline]
}
