/// One thing that a cell shows, as data: it crosses from the kernel to the renderer and is stored in the run record.
///
/// Drawing and numerics happen before an output is made; a renderer only lays it out.
public indirect enum Output: Sendable, Equatable {
  /// The text form of a value that has no richer display.
  case text(String)
  /// A plot.
  case figure(FigureOutput)
  /// Rows and typed columns.
  case table(TableOutput)
  /// Pixels, as a PNG file.
  case picture(PictureOutput)
  /// Sound, as a WAV file with what a reader needs to know about it.
  case audio(AudioOutput)
  /// TeX source of a displayed formula.
  case math(String)
  /// Markdown source.
  case markdown(String)
  /// HTML source; a renderer sieves it unless the notebook is trusted.
  case html(String)
  /// A statement of the paper, and what became of it here.
  case claim(ClaimOutput)
  /// Several outputs that belong together, such as the panels of one figure or the players of one comparison.
  case group([Output])
}

/// A drawn plot: vector and raster form, a text for readers who cannot see it, and the numbers behind it.
public struct FigureOutput: Sendable, Equatable {
  /// SVG source with real text; empty when the plot holds too many marks for it.
  public var svg: String
  /// PNG file at twice the size in CSS pixels.
  public var png: [UInt8]
  /// The same for dark pages; empty where the vector form serves them.
  public var darkPNG: [UInt8]
  /// Width in CSS pixels.
  public var width: Int
  /// Height in CSS pixels.
  public var height: Int
  /// What the plot shows, computed from its data, 20 to 300 characters.
  public var altText: String
  /// The title drawn by the author, if any; a caption of the cell takes precedence.
  public var title: String?
  /// The numbers behind the marks, one table for each mark or group of marks.
  public var data: [TableOutput]
  /// Axes of numbers that say neither quantity nor unit, such as "x" or "y of panel (b)".
  public var unnamedAxes: [String]

  /// Makes a drawn plot from its parts.
  public init(
    svg: String,
    png: [UInt8],
    darkPNG: [UInt8] = [],
    width: Int,
    height: Int,
    altText: String,
    title: String? = nil,
    data: [TableOutput] = [],
    unnamedAxes: [String] = []
  ) {
    self.svg = svg
    self.png = png
    self.darkPNG = darkPNG
    self.width = width
    self.height = height
    self.altText = altText
    self.title = title
    self.data = data
    self.unnamedAxes = unnamedAxes
  }
}

/// A picture: pixels without axes.
public struct PictureOutput: Sendable, Equatable {
  /// PNG file.
  public var png: [UInt8]
  /// Width in CSS pixels.
  public var width: Int
  /// Height in CSS pixels.
  public var height: Int
  /// What the picture shows.
  public var altText: String
  /// Whether enlarged pixels stay sharp-edged squares.
  public var isPixelated: Bool

  /// Makes a picture from a PNG file and its size.
  public init(png: [UInt8], width: Int, height: Int, altText: String, isPixelated: Bool = false) {
    self.png = png
    self.width = width
    self.height = height
    self.altText = altText
    self.isPixelated = isPixelated
  }
}

/// A sound clip with its text alternative.
public struct AudioOutput: Sendable, Equatable {
  /// 16-bit PCM WAV file.
  public var wav: [UInt8]
  /// The same samples as a FLAC file, half as large; empty where there is none.
  public var flac: [UInt8]
  /// Samples a second, in Hz.
  public var sampleRate: Int
  /// Number of channels.
  public var channels: Int
  /// Length in seconds.
  public var duration: Double
  /// Short name of the clip, such as "Mixture".
  public var title: String
  /// What to listen for, or the transcript.
  public var description: String
  /// Waveform and spectrogram, when they were drawn.
  public var views: [FigureOutput]
  /// Loudness in LUFS to which all clips of a comparison were brought; nil where nothing was changed.
  public var loudness: Double?

  /// Makes a sound clip from a WAV file and what is known of it.
  public init(
    wav: [UInt8],
    flac: [UInt8] = [],
    sampleRate: Int,
    channels: Int,
    duration: Double,
    title: String,
    description: String,
    views: [FigureOutput] = [],
    loudness: Double? = nil
  ) {
    self.wav = wav
    self.flac = flac
    self.sampleRate = sampleRate
    self.channels = channels
    self.duration = duration
    self.title = title
    self.description = description
    self.views = views
    self.loudness = loudness
  }
}

/// Rows and typed columns, ready to be written as an HTML table or a CSV file.
public struct TableOutput: Sendable, Equatable {
  /// Columns from left to right, all of one length.
  public var columns: [TableColumn]
  /// The author's heading for the table, if any; a caption of the cell takes precedence.
  public var title: String?
  /// Whether all rows are shown; otherwise long tables are cut in the middle and the CSV file holds the rest.
  public var showsAllRows: Bool

  /// Makes a table from its columns.
  public init(columns: [TableColumn], title: String? = nil, showsAllRows: Bool = false) {
    self.columns = columns
    self.title = title
    self.showsAllRows = showsAllRows
  }

  /// Number of rows: that of the longest column.
  public var rowCount: Int { columns.map(\.values.count).max() ?? 0 }
}

/// One column of a table.
public struct TableColumn: Sendable, Equatable {
  /// The cells of a column; a missing number is NaN, a missing text nil.
  public enum Values: Sendable, Equatable {
    case numbers([Double])
    case integers([Int])
    case texts([String?])
    case flags([Bool])

    /// Number of rows.
    public var count: Int {
      switch self {
      case .numbers(let values): values.count
      case .integers(let values): values.count
      case .texts(let values): values.count
      case .flags(let values): values.count
      }
    }
  }

  /// Which entry of a column is the best one, to be marked.
  public enum Best: String, Sendable, Equatable {
    case highest
    case lowest
  }

  /// Heading of the column.
  public var name: String
  /// Unit of the numbers, shown in the heading.
  public var unit: String?
  /// The entries.
  public var values: Values
  /// How numbers are written.
  public var format: NumberFormat
  /// Which entry is marked as the best.
  public var best: Best?
  /// Whether the entries name their rows (and become row headings).
  public var isRowLabel: Bool

  /// Makes a column from its heading and entries.
  public init(
    _ name: String,
    unit: String? = nil,
    values: Values,
    format: NumberFormat = .automatic,
    best: Best? = nil,
    isRowLabel: Bool = false
  ) {
    self.name = name
    self.unit = unit
    self.values = values
    self.format = format
    self.best = best
    self.isRowLabel = isRowLabel
  }
}

/// A statement of the paper with the published and the measured value and the verdict on it.
public struct ClaimOutput: Sendable, Equatable {
  /// What became of a claim.
  public enum Verdict: String, Sendable, Equatable, CaseIterable {
    /// The condition holds.
    case reproduced
    /// The direction holds, the figure does not or was not to be expected at this scale.
    case qualitative
    /// The condition does not hold.
    case notReproduced
    /// The interval over seeds straddles the bound.
    case undecided
    /// Not tested in this profile.
    case notAttempted
  }

  /// Stable name, unique in the notebook: `@claim-<id>` refers to it.
  public var id: String
  /// The claim in one sentence.
  public var statement: String
  /// Where the paper makes it, such as "Table 2".
  public var source: String?
  /// The published value, as text with its digits kept.
  public var paper: String?
  /// The value measured here, as text.
  public var measured: String?
  /// The measured value as a number, where it is one.
  public var value: Double?
  /// Spread of the measured value over seeds (standard deviation), in the same unit.
  public var spread: Double?
  /// Number of seeds or runs behind the measured value.
  public var count: Int?
  /// Unit of both values.
  public var unit: String?
  /// The condition that was tested, in words or as source text.
  public var condition: String?
  /// Why the result is as it is, or why the scale differs from the paper's.
  public var reason: String?
  /// The verdict.
  public var verdict: Verdict
  /// Line of the notebook on which the claim stands, 1-based; 0 when unknown.
  public var line: Int

  /// Makes a claim from its parts.
  public init(
    id: String,
    statement: String,
    source: String? = nil,
    paper: String? = nil,
    measured: String? = nil,
    value: Double? = nil,
    spread: Double? = nil,
    count: Int? = nil,
    unit: String? = nil,
    condition: String? = nil,
    reason: String? = nil,
    verdict: Verdict,
    line: Int = 0
  ) {
    self.id = id
    self.statement = statement
    self.source = source
    self.paper = paper
    self.measured = measured
    self.value = value
    self.spread = spread
    self.count = count
    self.unit = unit
    self.condition = condition
    self.reason = reason
    self.verdict = verdict
    self.line = line
  }
}
