/// Grey pictures of one size with their classes, as IDX files hold them.
///
/// An IDX file begins with two zero bytes, the type (8 for bytes) and the number of axes, and four bytes for the length of each
/// axis, the highest first; then come the values, the last axis fastest.
///
/// Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", section on file formats.
public struct IDXImages: Sendable, Equatable {
  /// Rows of a picture.
  public let height: Int
  /// Columns of a picture.
  public let width: Int
  /// Grey values in 0…255, picture after picture and row after row, `[count × height × width]`.
  public let pixels: [UInt8]
  /// The class of each picture.
  public let labels: [Int]

  /// Number of pictures.
  public var count: Int { labels.count }

  /// Reads a file of pictures and one of as many labels.
  ///
  /// - Parameters:
  ///   - images: unpacked bytes, three axes.
  ///   - labels: unpacked bytes, one axis.
  /// - Throws: `DatasetError.damaged` with what is wrong.
  public init(images: [UInt8], labels: [UInt8]) throws(DatasetError) {
    let (shape, values) = try Self.values(images, axes: 3, what: "pictures")
    let (counts, classes) = try Self.values(labels, axes: 1, what: "labels")
    guard shape[0] == counts[0] else {
      throw .damaged(what: "IDX files", reason: "there are \(shape[0]) pictures and \(counts[0]) labels")
    }
    (height, width) = (shape[1], shape[2])
    pixels = Array(values)
    self.labels = classes.map(Int.init)
  }

  /// The pictures of `Dataset.fashionMNIST`.
  ///
  /// - Parameter unpack: gives the bytes of a gzip file.
  /// - Returns: all ten thousand.
  /// - Throws: what finding, unpacking or reading the files throws.
  public static func fashion(unpack: ([UInt8]) throws -> [UInt8]) throws -> IDXImages {
    let set = try Dataset.fashionMNIST.locate()
    return try IDXImages(
      images: unpack(set.bytes("t10k-images-idx3-ubyte.gz")),
      labels: unpack(set.bytes("t10k-labels-idx1-ubyte.gz"))
    )
  }

  /// Grey values of a picture, in 0…1, row after row.
  public func picture(_ index: Int) -> [Double] {
    let area = height * width
    return pixels[index * area..<(index + 1) * area].map { Double($0) / 255 }
  }

  private static func values(
    _ bytes: [UInt8],
    axes: Int,
    what: String
  ) throws(DatasetError) -> (shape: [Int], values: ArraySlice<UInt8>) {
    let header = 4 + 4 * axes
    guard bytes.count >= header, bytes[0] == 0, bytes[1] == 0, bytes[2] == 8, bytes[3] == UInt8(axes) else {
      let reason = "an IDX file of bytes with \(axes) \(axes == 1 ? "axis" : "axes") begins with 0, 0, 8, \(axes); "
      throw .damaged(what: "file of \(what)", reason: reason + "this one begins with \(Array(bytes.prefix(4)))")
    }
    let shape = (0..<axes).map { axis in
      bytes[4 + 4 * axis..<8 + 4 * axis].reduce(0) { $0 << 8 | Int($1) }
    }
    // Lengths are below 2³², so that three of them may overflow together.
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      count = overflow ? .max : product
    }
    guard count == bytes.count - header else {
      let reason = "its header names \(shape) values, \(bytes.count - header) follow"
      throw .damaged(what: "file of \(what)", reason: reason)
    }
    return (shape, bytes[header...])
  }
}
