internal import Display
internal import Notebook

extension PageRenderer {
  mutating func writeFigure(_ figure: FigurePlan, cell: Cell) {
    let caption = figure.caption
    let text = inlines(caption.text)
    addSearchText(caption.text.plainText)
    let isGroup = figure.panels.count > 1
    html += "<figure id=\"\(caption.id)\""
    html += isGroup ? " role=\"group\" aria-labelledby=\"\(caption.id)-caption\" class=\"panels\">\n" : ">\n"
    if isGroup {
      let columns = min(max(cell.options.layout?.columnCount ?? 0, 0), 6)
      html += "<div class=\"panel-grid\"\(columns > 0 ? " style=\"--columns:\(columns)\"" : "")>\n"
    }
    for (index, panel) in figure.panels.enumerated() {
      checkAltText(panel, caption: caption, cell: cell)
      checkAxes(panel, caption: caption, cell: cell)
      if isGroup { html += "<figure id=\"\(panel.id)\">\n" }
      writeDrawing(panel, stem: stem(caption, panel, cell: cell))
      if isGroup, let letter = panel.letter {
        html += "<figcaption>(\(letter)) \(inlines(panel.caption))</figcaption></figure>\n"
      }
      if isGroup, index == figure.panels.count - 1 { html += "</div>\n" }
    }
    html += "<figcaption id=\"\(caption.id)-caption\"><a class=\"label\" href=\"#\(caption.id)\">\(caption.label).</a> "
    html += "\(text)</figcaption>\n"
    writeFigureData(figure, cell: cell)
    html += "</figure>\n"
  }

  private func stem(_ caption: Caption, _ panel: FigurePlan.Panel, cell: Cell) -> String {
    Slug.make(panel.letter == nil ? caption.id : panel.id)
  }

  mutating func writeDrawing(_ panel: FigurePlan.Panel, stem: String) {
    switch panel.drawing {
    case .picture(let picture):
      checkSize(picture.png, stem)
      let address = attach("\(stem).png", picture.png, type: "image/png")
      let size = ImageSize.fitted(width: picture.width, height: picture.height)
      let style = picture.isPixelated ? " class=\"pixelated\"" : ""
      html += imageTag(address, alt: panel.altText, size: size, attributes: style) + "\n"
    case .plot(let figure): writePlot(figure, alt: panel.altText, stem: stem)
    }
  }

  private mutating func writePlot(_ figure: FigureOutput, alt: String, stem: String) {
    let size = ImageSize.fitted(width: figure.width, height: figure.height)
    guard !figure.svg.isEmpty else {
      checkSize(figure.png, stem)
      let address = attach("\(stem).png", figure.png, type: "image/png")
      guard options.figurePalette != nil, !figure.darkPNG.isEmpty else {
        html += imageTag(address, alt: alt, size: size, attributes: " class=\"mat\"") + "\n"
        return
      }
      let dark = attach("\(stem)-dark.png", figure.darkPNG, type: "image/png")
      html += pair(address, dark: dark, alt: alt, size: size)
      return
    }
    let svg = SVGSieve.clean(figure.svg)
    let address = attach("\(stem).svg", Array(svg.utf8), type: "image/svg+xml")
    if !figure.png.isEmpty, !options.isSelfContained { _ = store("\(stem).png", figure.png) }
    guard let colors = options.figurePalette,
      let darkText = ByteSearch.replacing(colors.light, in: svg, with: colors.dark)
    else {
      html += imageTag(address, alt: alt, size: size, attributes: " class=\"mat\"") + "\n"
      return
    }
    let dark = attach("\(stem)-dark.svg", Array(darkText.utf8), type: "image/svg+xml")
    html += pair(address, dark: dark, alt: alt, size: size)
  }

  /// One picture in two forms, of which a reader's mode takes one.
  private mutating func pair(_ address: String, dark: String, alt: String, size: ImageSize) -> String {
    "<picture><source media=\"screen and (prefers-color-scheme: dark)\" srcset=\"\(dark.escaped)\">"
      + imageTag(address, alt: alt, size: size, attributes: "") + "</picture>\n"
  }

  /// The first picture of a page is loaded at once, all others when they come near.
  mutating func imageTag(_ address: String, alt: String, size: ImageSize, attributes: String) -> String {
    imageCount += 1
    let loading = imageCount == 1 ? "" : " loading=\"lazy\""
    return "<img src=\"\(address.escaped)\" alt=\"\(alt.squeezed(limit: 600).escaped)\" width=\"\(size.width)\" "
      + "height=\"\(size.height)\"\(loading) decoding=\"async\"\(attributes)>"
  }

  // MARK: - Data behind figures

  private mutating func writeFigureData(_ figure: FigurePlan, cell: Cell) {
    var links: [String] = []
    var tables = ""
    var titles: [String: Int] = [:]
    for panel in figure.panels {
      guard case .plot(let plot) = panel.drawing else { continue }
      let stem = stem(figure.caption, panel, cell: cell)
      for (index, table) in plot.data.enumerated() where table.rowCount > 0 {
        let name = plot.data.count > 1 ? "\(stem)-\(index + 1).csv" : "\(stem).csv"
        let path = store(name, CSV.bytes(table))
        let letter = panel.letter.map { " (\($0))" } ?? ""
        var title = "\(figure.caption.label)\(letter)" + (table.title.map { ", \($0)" } ?? "")
        // Tables of one name are told apart by a number: each is a region of its own for a screen reader.
        titles[title, default: 0] += 1
        if let count = titles[title], count > 1 { title += ", table \(count)" }
        addDownload(figure.caption.label, path)
        if !options.isSelfContained { links.append("<a href=\"\(path.escaped)\">\(path.escaped)</a>") }
        tables += dataTable(table, title: title)
      }
    }
    guard !tables.isEmpty else { return }
    html += "<details class=\"data\"><summary>Data behind \(figure.caption.label)</summary>\n"
    if !links.isEmpty { html += "<p>CSV: \(links.joined(separator: ", "))</p>\n" }
    html += tables + "</details>\n"
  }

  private mutating func dataTable(_ table: TableOutput, title: String) -> String {
    dataCount += 1
    let id = "data-\(dataCount)"
    // Few rows are shown as they are; of many, what a reader can take in is their extent.
    let shown =
      table.rowCount <= PageLimits.dataRows ? TableLayout(table, rows: .all) : TableLayout(statisticsOf: table)
    return openScroll(label: "aria-labelledby=\"\(id)\"") + shown.html(caption: title.escaped, captionID: id)
      + "</div>\n"
  }

  // MARK: - Checks

  private mutating func checkAltText(_ panel: FigurePlan.Panel, caption: Caption, cell: Cell) {
    let alt = panel.altText.squeezed()
    guard alt.count < 20 || alt == caption.text.plainText.squeezed() else { return }
    warn(
      options.isStrict ? .error : .warning,
      cell.options.ranges["alt"] ?? cell.range,
      alt.isEmpty
        ? "\(caption.label) has no text alternative"
        : "text alternative of \(caption.label) says too little: '\(alt.squeezed(limit: 60))'",
      remedy: "Say in 20 to 300 characters what the figure shows, with //| alt: …"
    )
  }

  private mutating func checkAxes(_ panel: FigurePlan.Panel, caption: Caption, cell: Cell) {
    guard case .plot(let figure) = panel.drawing, !figure.unnamedAxes.isEmpty else { return }
    let panelName = panel.letter.map { " (\($0))" } ?? ""
    warn(
      options.isStrict ? .error : .warning,
      cell.range,
      "\(caption.label)\(panelName) has axes without a name: \(figure.unnamedAxes.joined(separator: ", "))",
      remedy: "Say quantity and unit with .xAxis(…, unit: …) and .yAxis(…, unit: …)."
    )
  }

  private mutating func checkSize(_ png: [UInt8], _ stem: String) {
    guard png.count > 5 << 20, options.isSelfContained else { return }
    warn(nil, "'\(stem).png' adds \(png.count >> 20) MiB to a page that holds everything")
  }

  // MARK: - Pictures of the author

  mutating func writeImageFigure(alt: [Inline], source: String, title: String?, range: SourceRange) {
    let tag = image(alt: alt.plainText, source: source, range: range, isInline: false)
    guard let title, !title.isEmpty else {
      html += "<p class=\"picture\">\(tag)</p>\n"
      return
    }
    html += "<figure>\n\(tag)\n<figcaption>\(title.escaped)</figcaption>\n</figure>\n"
  }

  /// A picture that the notebook names: the file is copied beside the page.
  mutating func image(alt: String, source: String, range: SourceRange, isInline: Bool) -> String {
    let target = LinkTarget(source, slugs: [])
    guard let path = target.address, !path.contains(":") else {
      warn(
        range,
        "picture '\(source.squeezed(limit: 80))' left out: pages load nothing from elsewhere",
        remedy: "Keep the file beside the notebook and name it relative to it."
      )
      return "<span class=\"missing\">\(alt.isEmpty ? "picture" : alt.escaped)</span>"
    }
    guard let bytes = readFile(path), let kind = ImageKind(bytes) else {
      warn(range, "picture '\(path)' cannot be read", remedy: "PNG, JPEG, GIF, WebP and SVG files can be shown.")
      return "<span class=\"missing\">\(alt.isEmpty ? path.escaped : alt.escaped)</span>"
    }
    if alt.squeezed().isEmpty {
      warn(options.isStrict ? .error : .warning, range, "picture '\(path)' has no text alternative")
    }
    let content = kind == .svg ? Array(SVGSieve.clean(String(decoding: bytes, as: UTF8.self)).utf8) : bytes
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let stem = Slug.make(file.split(separator: ".").dropLast().joined(separator: "-"))
    let address = attach("\(stem).\(kind.fileExtension)", content, type: kind.mediaType)
    let size = ImageSize(bytes, kind: kind) ?? ImageSize(width: 640, height: 400)
    return imageTag(address, alt: alt, size: size.fitted, attributes: isInline ? " class=\"inline\"" : "")
  }
}
