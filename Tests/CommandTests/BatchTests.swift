import Foundation
import Testing

@Suite("Cells that share a module")
struct BatchTests {
  static let notebook = #"""
    ---
    title: Shared
    ---

    ```swift
    let first = 1
    print("first is \(first)")
    ```

    ```swift
    //| label: culprit
    struct Refusal: Error {}
    let second = first + 1
    if second == LIMIT { throw Refusal() }
    let third = second + 1
    ```

    ```swift
    print("after the failure, first is \(first)")
    ```

    ```swift
    print("needs third", third)
    ```

    ```swift
    { print("a cell that begins with a brace") }()
    ```

    ```swift
    defer { print("deferred") }
    print("before it")
    ```

    ```swift
    print("last")
    ```
    """#

  private func render(_ text: String, _ place: CommandRun.Place, cache: String) throws -> CommandRun {
    try place.write("n.md", Data(text.utf8))
    return try place.run(
      "render",
      "n.md",
      environment: ["OFFPRINT_CACHE": place.folder.appending(path: cache).path]
    )
  }

  @Test("are run one after the other, each with its own output")
  func success() throws {
    let place = try CommandRun.Place()
    let result = try render(Self.notebook.replacing("LIMIT", with: "0"), place, cache: "cache")
    #expect(result.status == 0, "\(result.errors)")
    let page = place.text("Output/n/index.html")
    for text in ["first is 1", "needs third 3", "a cell that begins with a brace", "before it\ndeferred", "last"] {
      #expect(page.contains(text), "'\(text)' is missing")
    }
  }

  @Test("do not suffer from the failure of one of them")
  func failure() throws {
    let place = try CommandRun.Place()
    let result = try render(Self.notebook.replacing("LIMIT", with: "2"), place, cache: "cache")
    #expect(result.status == 1)
    #expect(result.errors.contains("n.md:14:"), "\(result.errors)")
    #expect(result.errors.contains("Refusal thrown"), "\(result.errors)")
    let page = place.text("Output/n/index.html")
    #expect(page.contains("after the failure, first is 1"))
    #expect(!page.contains("needs third 3"))
    #expect(page.contains("on whose 'third' this relies, failed"))
    #expect(page.contains("before it\ndeferred"))
  }

  @Test("give the same values when an edit gave some of them modules of their own")
  func edit() throws {
    let place = try CommandRun.Place()
    _ = try render(Self.notebook.replacing("LIMIT", with: "0"), place, cache: "cache")
    for value in [3, 4] {
      let text = Self.notebook.replacing("LIMIT", with: "0").replacing("second + 1", with: "second + \(value)")
      let result = try render(text, place, cache: "cache")
      #expect(result.status == 0, "\(result.errors)")
      #expect(place.text("Output/n/index.html").contains("needs third \(2 + value)"))
    }
  }

  @Test("are told apart where one of them does not compile")
  func mistake() throws {
    let place = try CommandRun.Place()
    let result = try render(Self.notebook.replacing("== LIMIT", with: "== \"x\""), place, cache: "cache")
    #expect(result.status == 1)
    #expect(result.errors.contains("n.md:14:"), "\(result.errors)")
    let page = place.text("Output/n/index.html")
    #expect(page.contains("after the failure, first is 1"))
    #expect(page.contains("on whose 'third' this relies, does not compile"))
  }
}
