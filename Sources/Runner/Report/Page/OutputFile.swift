/// A file of the site as it will be written: the caller stages all of them and renames the folder into place.
package struct OutputFile: Sendable, Hashable {
  /// Path relative to the site's root, with "/" between parts.
  package var path: String
  package var bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  package init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }
}
