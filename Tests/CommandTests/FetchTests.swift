import Foundation
import Testing

@Suite("Data sets of the command")
struct FetchTests {
  /// A place with a mirror of two data sets: one whole folder, copied from where the data lie, and one whose file is another.
  private func place(_ files: [String: String] = [:]) throws -> (place: CommandRun.Place, environment: [String: String])
  {
    let place = try CommandRun.Place(files)
    try place.write("mirror/tiny-shakespeare/input.txt", Data("not the plays".utf8))
    return (place, ["OFFPRINT_CACHE": place.folder.path + "/cache", "OFFPRINT_DATA": place.folder.path + "/data"])
  }

  @Test("without names all sets are listed with what they hold and whether they are at hand")
  func list() throws {
    let (place, environment) = try place()
    let run = try place.run("fetch", environment: environment)
    #expect(run.status == 0)
    #expect(run.output.contains("tiny-shakespeare: 1,115,394 characters of Shakespeare's dialogue; can be fetched"))
    #expect(run.output.contains("music-stems: "))
  }

  @Test("a file that is not what is meant is refused and not kept")
  func wrongFile() throws {
    let (place, environment) = try place()
    let mirror = "file://\(place.folder.path)/mirror"
    let run = try place.run("fetch", "tiny-shakespeare", "--from", mirror, environment: environment)
    #expect(run.status == 1)
    #expect(run.errors.contains("tiny-shakespeare: error: "))
    #expect(run.errors.contains("is not the file that is meant: SHA-256"))
    let left = try FileManager.default.contentsOfDirectory(atPath: place.folder.path + "/cache/data/tiny-shakespeare")
    #expect(left.isEmpty)
  }

  @Test(
    "what cannot be fetched says why and what to do",
    arguments: [
      (["fetch", "tiny-shakespeer"], 2, "there is no data set 'tiny-shakespeer'; did you mean 'tiny-shakespeare'?"),
      (["fetch", "fashion-mnist"], 1, "has no public address of its own; get the set from Debian package"),
      (["fetch", "small-tables", "--from", "file:///nowhere/"], 1, "file:///nowhere/small-tables/"),
      (["fetch", "small-tables", "--from", "ftp://example.org"], 1, "cannot be fetched: "),
    ]
  )
  func refusals(_ arguments: [String], _ status: Int32, _ message: String) throws {
    let (place, environment) = try place()
    let run = try place.run(arguments, environment: environment)
    #expect(run.status == status)
    #expect(run.errors.contains(message), "\(run.errors)")
  }

  @Test(
    "a set is fetched once, found by notebooks, and asked for before anything runs",
    .enabled(if: ProcessInfo.processInfo.environment["OFFPRINT_DATA"] != nil)
  )
  func whole() throws {
    let notebook = """
      ---
      title: T
      data: [small-tables]
      ---

      ```swift
      print("rows", try Dataset.smallTables.locate().bytes("iris.csv").count)
      ```
      """
    let (place, environment) = try place(["n.md": notebook])
    let missing = try place.run("render", "n.md", environment: environment)
    #expect(missing.status == 2)
    #expect(missing.errors.contains("n.md:3:1: error: the data 'small-tables' are not at hand (searched "))
    #expect(missing.errors.contains("help: run 'offprint fetch small-tables', or name the folder"))
    let mirror = "file://" + (ProcessInfo.processInfo.environment["OFFPRINT_DATA"] ?? "")
    let first = try place.run("fetch", "small-tables", "--from", mirror, environment: environment)
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("small-tables: 4 files, 4 fetched, in "))
    let second = try place.run("fetch", "small-tables", "--from", mirror, environment: environment)
    #expect(second.output.contains("small-tables: 4 files, 0 fetched, in "))
    let found = try place.run("render", "n.md", environment: environment)
    #expect(found.status == 0, "\(found.errors)")
    #expect(place.text("Output/n/index.html").contains("rows 2734"))
  }
}
