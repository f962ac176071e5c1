import Datasets
import TestSupport
import Testing

@Suite("IDX files")
struct IDXImagesTests {
  static let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 51, 255, 1, 2, 3]
  static let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 7, 9]

  @Test("pictures and labels are read in order")
  func reading() throws {
    let set = try IDXImages(images: Self.images, labels: Self.labels)
    #expect((set.count, set.height, set.width) == (2, 1, 3))
    #expect(set.labels == [7, 9])
    #expect(set.picture(0) == [0, 0.2, 1])
    #expect(set.pixels.suffix(3) == [1, 2, 3])
  }

  @Test(
    "files that are not what they say are refused with what is wrong",
    arguments: [
      (
        [1, 2], labels,
        "file of pictures: an IDX file of bytes with 3 axes begins with 0, 0, 8, 3; this one begins with [1, 2]"
      ),
      (Array(images.dropLast()), labels, "file of pictures: its header names [2, 1, 3] values, 5 follow"),
      (images, [0, 0, 8, 1, 0, 0, 0, 1, 7], "IDX files: there are 2 pictures and 1 labels"),
      (
        [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12), labels,
        "file of pictures: its header names [4294967295, 4294967295, 4294967295] values, 0 follow"
      ),
      (
        images, images,
        "file of labels: an IDX file of bytes with 1 axis begins with 0, 0, 8, 1; this one begins with [0, 0, 8, 3]"
      ),
    ] as [([UInt8], [UInt8], String)]
  )
  func refusals(_ images: [UInt8], _ labels: [UInt8], _ message: String) {
    let error = #expect(throws: DatasetError.self) { try IDXImages(images: images, labels: labels) }
    #expect(error?.description == message)
  }
}
