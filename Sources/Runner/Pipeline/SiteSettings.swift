internal import Foundation
package import Notebook
package import Report
package import Theme

/// Who publishes and in which clothes: read from `site.yml` beside the notebooks, and the files that it names.
package struct SiteSettings: Sendable {
  package var site = SiteIdentity()
  package var theme = ReportOptions().theme
  package var diagnostics: [Diagnostic] = []

  /// Settings for some notebooks and folders of notebooks: those of the site file that is nearest above them.
  ///
  /// - Throws: `NotebookError` for a site file that cannot be used, or for two different ones.
  package static func find(for paths: [String]) throws(NotebookError) -> SiteSettings {
    var files: [String] = []
    for path in paths {
      guard let file = nearest(to: path), !files.contains(file) else { continue }
      files.append(file)
    }
    guard files.count <= 1 else {
      throw NotebookError(
        Diagnostic(
          .error,
          file: files[1],
          "these notebooks belong to another site than those of '\(files[0])'",
          remedy: "render each site by itself, each into its own folder"
        )
      )
    }
    return try files.first.map { file throws(NotebookError) in try SiteSettings(path: file) } ?? SiteSettings()
  }

  private init() {}

  /// The site file in the folder of a path or in a folder above it, as far as the path names folders.
  private static func nearest(to path: String) -> String? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
    var folder = path as NSString
    if !isFolder.boolValue { folder = folder.deletingLastPathComponent as NSString }
    while true {
      let file = folder.length == 0 ? SiteFile.name : folder.appendingPathComponent(SiteFile.name)
      if FileManager.default.fileExists(atPath: file) { return file }
      let above = folder.deletingLastPathComponent as NSString
      guard above.length > 0, above != folder, above != "/" else { return nil }
      folder = above
    }
  }

  private init(path: String) throws(NotebookError) {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw NotebookError(
        Diagnostic(.error, file: path, "the site file cannot be read as UTF-8 text", remedy: "save it as UTF-8")
      )
    }
    let file = try SiteFileReader.parse(text, path: path)
    site.title = file.title ?? site.title
    site.description = file.description ?? ""
    site.baseURL = file.baseURL
    site.language = file.language ?? site.language
    site.links = file.links.map { SiteIdentity.Link(title: $0.title, address: $0.address) }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    if let logo = file.logo { site.logo = try Self.logo(logo, folder, file) }
    if let name = file.theme { try readTheme(name, folder, file) }
    if let name = file.font { try readFont(name, folder, file) }
  }

  /// A file that the site file names under a key.
  private static func read(
    _ name: String,
    as key: String,
    _ folder: String,
    _ file: SiteFile
  ) throws(NotebookError) -> Data {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
      throw refused(key, "the \(key) '\(name)' cannot be read", "name a file relative to the site file", file)
    }
    return data
  }

  private static func refused(_ key: String, _ message: String, _ remedy: String, _ file: SiteFile) -> NotebookError {
    NotebookError(Diagnostic(.error, file: file.path, range: file.ranges[key], message, remedy: remedy))
  }

  private static func logo(_ name: String, _ folder: String, _ file: SiteFile) throws(NotebookError) -> OutputFile {
    let data = try read(name, as: "logo", folder, file)
    guard let bytes = ImageKind.safePicture(Array(data)) else {
      throw refused("logo", "the logo '\(name)' is no picture that pages show", "use an SVG or PNG file", file)
    }
    return OutputFile(path: name, bytes: bytes)
  }

  /// Largest font that every page carries: a subset of one weight, not a whole family.
  private static let fontLimit = 40_000

  private mutating func readFont(_ name: String, _ folder: String, _ file: SiteFile) throws(NotebookError) {
    let data = try Self.read(name, as: "font", folder, file)
    guard data.starts(with: Array("wOF2".utf8)) else {
      throw Self.refused(
        "font",
        "the font '\(name)' is no WOFF2 file",
        "convert it, such as with fonttools' pyftsubset",
        file
      )
    }
    guard data.count <= Self.fontLimit else {
      throw Self.refused(
        "font",
        "the font '\(name)' has \(data.count) bytes, and every page carries it; \(Self.fontLimit) are allowed",
        "keep the letters that the site uses, such as with fonttools' pyftsubset",
        file
      )
    }
    theme = theme.settingText(inFont: data.base64EncodedString())
  }

  private mutating func readTheme(_ name: String, _ folder: String, _ file: SiteFile) throws(NotebookError) {
    let place = "\(folder)/\(name)"
    let range = file.ranges["theme"]
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: place) else {
      throw NotebookError(
        Diagnostic(
          .error,
          file: file.path,
          range: range,
          "the theme folder '\(name)' cannot be read",
          remedy: "name a folder relative to the site file"
        )
      )
    }
    for other in names.sorted() where !Theme.fileNames.contains(other) && !other.hasPrefix(".") {
      let nearest = suggestion(for: other, among: Theme.fileNames)
      diagnostics.append(
        Diagnostic(
          .warning,
          file: file.path,
          range: range,
          "'\(name)/\(other)' is no part of a theme\(nearest) (known: \(Theme.fileNames.joined(separator: ", ")))"
        )
      )
    }
    for part in Theme.fileNames where names.contains(part) {
      guard (try? String(contentsOfFile: "\(place)/\(part)", encoding: .utf8)) == nil else { continue }
      throw NotebookError(
        Diagnostic(.error, file: "\(name)/\(part)", "the file is not UTF-8 text", remedy: "save it as UTF-8")
      )
    }
    theme = theme.overridden { try? String(contentsOfFile: "\(place)/\($0)", encoding: .utf8) }
    try checkTemplates(place: "\((file.path as NSString).deletingLastPathComponent)/\(name)")
  }

  /// A template with a mistake is reported as the author's file, before anything is rendered.
  private func checkTemplates(place: String) throws(NotebookError) {
    for (name, source) in [("page.mustache", theme.page), ("site.mustache", theme.site)] {
      do {
        _ = try PageFrame(name: name, template: source, style: theme.style, script: theme.script)
      } catch {
        throw NotebookError(
          Diagnostic(
            .error,
            file: "\(place)/\(name)",
            "the template cannot be read: \((error as? PageFrame.TemplateError)?.message ?? "\(error)")",
            remedy: "correct it, or delete it to use the one that comes with Offprint"
          )
        )
      }
    }
  }
}
