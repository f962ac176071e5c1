internal import Display
internal import Notebook

extension PageRenderer {
  mutating func writeAudio(_ players: [AudioOutput], _ caption: Caption) {
    let text = inlines(caption.text)
    addSearchText(caption.text.plainText)
    html += "<figure class=\"audio\" id=\"\(caption.id)\" role=\"group\" aria-labelledby=\"\(caption.id)-caption\">\n"
    if let grid = AudioGrid(players) { write(grid, caption) } else { writePlayers(players, caption) }
    html += "<figcaption id=\"\(caption.id)-caption\"><a class=\"label\" href=\"#\(caption.id)\">\(caption.label).</a> "
    html += text.isEmpty && players.count == 1 ? players[0].title.escaped : text
    html += "</figcaption>\n</figure>\n"
  }

  private mutating func writePlayers(_ players: [AudioOutput], _ caption: Caption) {
    for (index, audio) in players.enumerated() {
      html += "<div class=\"clip\">\n"
      if players.count > 1 { html += "<p><b>\(audio.title.escaped)</b></p>\n" }
      html += player(audio, stem: players.count == 1 ? caption.id : "\(caption.id)-\(index + 1)")
      html += "<p class=\"muted\">\(facts(audio).escaped)</p>\n<p>\(audio.description.escaped)</p>\n"
      writeViews(audio, stem: "\(caption.id)-\(index + 1)")
      html += "</div>\n"
      addSearchText(audio.title + " " + audio.description)
      checkDescription(audio)
    }
  }

  /// Items down, systems across: clips that are to be compared stand beside each other.
  private mutating func write(_ grid: AudioGrid, _ caption: Caption) {
    html += openScroll(label: "aria-labelledby=\"\(caption.id)-caption\"", isWide: true)
    html += "<table class=\"players\"><caption class=\"vh\">\(caption.label): players</caption><thead><tr>"
    html += "<th scope=\"col\">Item</th>"
    for column in grid.columns { html += "<th scope=\"col\">\(column.escaped)</th>" }
    html += "</tr></thead>\n<tbody>\n"
    for (index, row) in grid.rows.enumerated() {
      html += "<tr><th scope=\"row\">\(row.name.escaped)</th>"
      for (column, audio) in row.clips.enumerated() {
        html += "<td>\(player(audio, stem: "\(caption.id)-\(index + 1)-\(column + 1)"))"
        html += "<p class=\"muted\">\(facts(audio).escaped)</p></td>"
        checkDescription(audio)
      }
      html += "</tr>\n"
    }
    html += "</tbody></table>\n</div>\n"
    html += loudnessLine(grid.rows.flatMap(\.clips))
    html += "<details class=\"data\"><summary>What to listen for</summary>\n<dl>\n"
    for row in grid.rows {
      for audio in row.clips {
        html += "<div><dt>\(audio.title.escaped)</dt><dd>\(audio.description.escaped)</dd></div>\n"
      }
    }
    html += "</dl></details>\n"
    writeViews(grid, caption)
  }

  /// The drawings of all clips behind one line, each below the name of its clip.
  private mutating func writeViews(_ grid: AudioGrid, _ caption: Caption) {
    guard grid.rows.contains(where: { $0.clips.contains { !$0.views.isEmpty } }) else { return }
    html += "<details class=\"data\"><summary>Waveforms and spectrograms</summary>\n"
    for (index, row) in grid.rows.enumerated() {
      for (column, audio) in row.clips.enumerated() where !audio.views.isEmpty {
        html += "<p class=\"views\">\(audio.title.escaped)</p>\n"
        draw(audio, stem: "\(caption.id)-\(index + 1)-\(column + 1)")
      }
    }
    html += "</details>\n"
  }

  /// Says that clips to be compared are equally loud, where they are.
  private func loudnessLine(_ clips: [AudioOutput]) -> String {
    let levels = Set(clips.compactMap(\.loudness))
    guard levels.count == 1, let level = levels.first else { return "" }
    return
      "<p class=\"data\">All clips are equally loud: \(NumberText.fixed(level, 1))\u{A0}LUFS (ITU-R BS.1770).</p>\n"
  }

  private mutating func player(_ audio: AudioOutput, stem: String) -> String {
    let stem = Slug.make(stem)
    let title = audio.title.escaped
    // Lossless and half the size: what is heard is the smaller file, and the WAV form is there to be taken away.
    let heard =
      audio.flac.isEmpty
      ? attach("\(stem).wav", audio.wav, type: "audio/wav") : attach("\(stem).flac", audio.flac, type: "audio/flac")
    var html = "<audio controls preload=\"none\" src=\"\(heard)\" aria-label=\"\(title)\"></audio>"
    guard !options.isSelfContained else { return html + "\n" }
    html += "<span class=\"print\">audio: \(stem).wav</span>"
    if !audio.flac.isEmpty {
      let wav = store("\(stem).wav", audio.wav)
      html += "<a class=\"wav\" href=\"\(wav.escaped)\" aria-label=\"\(title) as a WAV file\">WAV</a>"
    }
    return html + "\n"
  }

  private func facts(_ audio: AudioOutput) -> String {
    let seconds = NumberText.fixed(audio.duration, 2)
    let rate =
      audio.sampleRate % 1_000 == 0
      ? "\(audio.sampleRate / 1_000)" : NumberText.fixed(Double(audio.sampleRate) / 1_000, 2)
    let channels = audio.channels == 1 ? "mono" : audio.channels == 2 ? "stereo" : "\(audio.channels) channels"
    return "\(seconds)\u{A0}s, \(rate)\u{A0}kHz, \(channels)"
  }

  private mutating func writeViews(_ audio: AudioOutput, stem: String) {
    guard !audio.views.isEmpty else { return }
    html += "<details class=\"data\"><summary>Waveform and spectrogram of \(audio.title.escaped)</summary>\n"
    draw(audio, stem: stem)
    html += "</details>\n"
  }

  private mutating func draw(_ audio: AudioOutput, stem: String) {
    for (index, view) in audio.views.enumerated() {
      let panel = FigurePlan.Panel(drawing: .plot(view), id: "", letter: nil, caption: [], altText: view.altText)
      writeDrawing(panel, stem: "\(Slug.make(stem))-view-\(index + 1)")
    }
  }

  private mutating func checkDescription(_ audio: AudioOutput) {
    guard audio.description.squeezed().count < 40 else { return }
    warn(
      options.isStrict ? .error : .warning,
      nil,
      "audio '\(audio.title)' says too little about what is to be heard",
      remedy: "Give a transcript, or 40 characters or more on what to listen for."
    )
  }
}

/// Clips whose titles read "item / system" and fill a table.
private struct AudioGrid {
  var columns: [String] = []
  var rows: [(name: String, clips: [AudioOutput])] = []

  init?(_ players: [AudioOutput]) {
    var table: [String: [String: AudioOutput]] = [:]
    var items: [String] = []
    for audio in players {
      let parts = audio.title.split(separator: "/", maxSplits: 1).map { $0.squeezed() }
      guard parts.count == 2 else { return nil }
      if !items.contains(parts[0]) { items.append(parts[0]) }
      if !columns.contains(parts[1]) { columns.append(parts[1]) }
      guard table[parts[0], default: [:]].updateValue(audio, forKey: parts[1]) == nil else { return nil }
    }
    guard columns.count > 1, items.count * columns.count == players.count else { return nil }
    for item in items { rows.append((item, columns.compactMap { table[item]?[$0] })) }
    guard rows.allSatisfy({ $0.clips.count == columns.count }) else { return nil }
  }
}

/// Numbers in running text.
enum NumberText {
  static func fixed(_ value: Double, _ digits: Int) -> String { NumberFormat.decimals(digits).string(value) }
}
