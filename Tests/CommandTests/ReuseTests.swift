import Foundation
import Testing

@Suite("What a second render does again")
struct ReuseTests {
  /// A cell that leaves a mark whenever it is run; new in each process, since the cache that tests share outlives it.
  static let notebook = """
    # T

    ```swift
    // \(UUID().uuidString)
    let file = fopen(getenv("OFFPRINT_MARK"), "a")
    fputs("x", file)
    fclose(file)
    ```

    ```swift
    Claim("it holds", id: "c", measured: 2, holds: 1 + 1 == 2)
    ```
    """

  private func marks(_ place: CommandRun.Place) -> Int { place.text("MARK").count }

  @Test("nothing changed: nothing runs; prose changed: the page changes and nothing runs; a cell changed: it runs")
  func reuse() throws {
    let place = try CommandRun.Place(["Notebooks/n.md": Self.notebook])
    // A cache of its own: the shared one may know this notebook from an earlier run of the tests.
    let environment = ["MARK", "CACHE"].reduce(into: [:]) {
      $0["OFFPRINT_" + $1] = place.folder.appending(path: $1).path
    }
    func render() throws -> CommandRun { try place.run("render", "--unsandboxed", environment: environment) }
    #expect(try render().status == 0)
    #expect(marks(place) == 1)
    let first = place.text("Output/n/index.html")
    #expect(try render().output.contains("unchanged"))
    #expect(marks(place) == 1)
    try place.write("Notebooks/n.md", Data(Self.notebook.replacing("# T", with: "# T\n\nMore prose.").utf8))
    #expect(try render().status == 0)
    #expect(marks(place) == 1)
    #expect(place.text("Output/n/index.html").contains("More prose."))
    try place.write("Notebooks/n.md", Data(Self.notebook.replacing("\"x\"", with: "\"xx\"").utf8))
    #expect(try render().status == 0)
    #expect(marks(place) == 3)
    try place.write("Notebooks/n.md", Data(Self.notebook.utf8))
    #expect(try render().status == 0)
    #expect(marks(place) == 3)
    #expect(place.text("Output/n/index.html") == first)
  }

  @Test("other data, or a failure: it runs again")
  func again() throws {
    let failing = Self.notebook + "\n```swift\nstruct Missing: Error {}\nthrow Missing()\n```\n"
    let place = try CommandRun.Place([
      "Notebooks/n.md": Self.notebook, "data/small/a.csv": "1", "failing/f.md": failing,
    ])
    func path(_ name: String) -> String { place.folder.appending(path: name).path }
    func render(_ folder: String = "Notebooks") throws -> CommandRun {
      let environment = [
        "OFFPRINT_MARK": path("MARK"), "OFFPRINT_CACHE": path("CACHE"), "OFFPRINT_DATA": path("data"),
      ]
      return try place.run("render", "--unsandboxed", folder, environment: environment)
    }
    #expect(try render().status == 0)
    #expect(try render().status == 0)
    #expect(marks(place) == 1)
    try place.write("data/small/b.csv", Data("2".utf8))
    #expect(try render().status == 0)
    #expect(marks(place) == 2)
    for count in [3, 4] {
      #expect(try render("failing").status == 1)
      #expect(marks(place) == count)
    }
  }

  @Test("two renders give the same bytes, in another folder and with an empty cache too")
  func determinism() throws {
    let starter = try CommandRun.Place.starter()
    let text = try #require(starter)
    let first = try CommandRun.Place(["Notebooks/n.md": text])
    let second = try CommandRun.Place(["Notebooks/n.md": text])
    #expect(try first.run("render").status == 0)
    let cache = second.folder.appending(path: "cache").path
    #expect(try second.run("render", environment: ["OFFPRINT_CACHE": cache]).status == 0)
    for name in ["index.html", "fig-decay.svg", "fig-decay.png", "fig-decay.csv"] {
      #expect(first.data("Output/n/\(name)") == second.data("Output/n/\(name)"))
      #expect(first.data("Output/n/\(name)") != nil)
    }
  }
}

@Suite("The sandbox")
struct SandboxTests {
  @Test("a cell reads its folder, and writes and connects nowhere")
  func confinement() throws {
    let notebook = """
      ```swift
      print("own", fopen("data.txt", "r") != nil)
      print("written", fopen("made.txt", "w") != nil)
      print("outside", fopen("/var/tmp/offprint-escape", "w") != nil)
      print("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) >= 0)
      print("scratch", fopen(String(cString: getenv("TMPDIR")) + "/x", "w") != nil)
      print("secret", getenv("SECRET_TOKEN") != nil)
      ```
      """
    let place = try CommandRun.Place(["Notebooks/n.md": notebook, "Notebooks/data.txt": "x"])
    let run = try place.run("render", environment: ["SECRET_TOKEN": "abc"])
    #expect(run.status == 0)
    let page = place.text("Output/n/index.html")
    for line in ["own true", "written false", "outside false", "socket false", "scratch true", "secret false"] {
      #expect(page.contains(line))
    }
  }
}
