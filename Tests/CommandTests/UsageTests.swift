import Foundation
import Testing

@Suite("Use of the command")
struct UsageTests {
  static let notebook = """
    ---
    title: Parameters
    params: { n: 3, rate: 0.5, name: plain, flag: false, list: [1, 2] }
    profiles: { full: { n: 30 } }
    ---

    ```swift
    print(params.n, params.rate, params.name, params.flag, params.list, profile)
    ```
    """

  @Test(
    "wrong options and values end with status 2 and say what is known",
    arguments: [
      (["--profil", "x"], "Unknown option '--profil'"),
      (["--jobs", "0"], "'--jobs' must be at least 1"),
      (["-P", "n"], "'-P n' must have the form key=value"),
      (["-P", "m=1"], "unknown parameter 'm'; did you mean 'n'? (known: flag, list, n, name, rate)"),
      (["-P", "n=many"], "parameter 'n' is of type Int; 'many' cannot be read as one"),
      (["--profile", "ful"], "unknown profile 'ful'; did you mean 'full'? (known: full)"),
      (["missing.md"], "missing.md: error: there is no such file"),
      (["empty"], "empty: error: the folder holds no notebook"),
    ]
  )
  func wrongUsage(_ arguments: [String], _ message: String) throws {
    let place = try CommandRun.Place(["Notebooks/n.md": Self.notebook, "empty/x.txt": ""])
    let run = try CommandRun.launch(["render"] + arguments, in: place.folder)
    #expect(run.status == 2)
    #expect(run.errors.contains(message), "\(run.errors)")
  }

  @Test("parameters come from defaults, profile and command line, in this order")
  func parameters() throws {
    let place = try CommandRun.Place(["Notebooks/n.md": Self.notebook])
    #expect(try place.run("render").status == 0)
    #expect(place.text("Output/n/index.html").contains("3 0.5 plain false [1, 2]"))
    #expect(
      try place.run("render", "--profile", "full", "-P", "rate=2", "-P", "list=4,5", "-P", "name=a=b").status == 0
    )
    #expect(place.text("Output/n/index.html").contains("30 2.0 a=b false [4, 5] full"))
  }

  @Test("a file that is not UTF-8 names its first wrong byte")
  func encoding() throws {
    let place = try CommandRun.Place(["Notebooks/sound.md": FaultTests.sound])
    try place.write("Notebooks/latin.md", Data("# T\ncaf".utf8) + [0xE9])
    let run = try place.run("render")
    #expect(run.status == 2)
    #expect(run.errors.contains("Notebooks/latin.md:2:4: error: the file is not UTF-8 text"))
    #expect(place.has("Output/sound/index.html"))
  }

  @Test("an output folder that cannot be made is named")
  func unwritable() throws {
    let place = try CommandRun.Place(["Notebooks/n.md": FaultTests.sound, "file": ""])
    let run = try place.run("render", "-o", "file/Output")
    #expect(run.status == 2)
    #expect(run.errors.contains("file/Output: error: the output folder cannot be made"))
    #expect(run.errors.contains("help: choose another folder with '-o'"))
  }

  @Test("a missing toolchain is named with what brings it")
  func missingToolchain() throws {
    let place = try CommandRun.Place(["Notebooks/n.md": FaultTests.sound])
    let run = try place.run("render", environment: ["PATH": "/usr/bin:/bin"])
    #expect(run.status == 2)
    #expect(run.errors.contains("the Swift toolchain (swift-frontend) is missing: install Swift"))
    let doctor = try place.run("doctor", environment: ["PATH": "/usr/bin:/bin"])
    #expect(doctor.status == 1)
    #expect(doctor.output.contains("MISSING Swift compiler"))
  }

  @Test("new makes a notebook that renders; a second one of the name is refused")
  func new() throws {
    let place = try CommandRun.Place()
    #expect(try place.run("new", "first").status == 0)
    let again = try place.run("new", "first")
    #expect(again.status == 2)
    #expect(again.errors.contains("Notebooks/first.md: error: the file exists already"))
    let render = try place.run("render")
    #expect(render.status == 0, "\(render.errors)")
    #expect(place.has("Output/first/fig-decay.png"))
    #expect(try place.run("check").status == 0)
  }

  @Test("clean empties the cache")
  func clean() throws {
    let place = try CommandRun.Place(["Notebooks/n.md": FaultTests.sound])
    let cache = place.folder.appending(path: "cache").path
    #expect(try place.run("render", environment: ["OFFPRINT_CACHE": cache]).status == 0)
    #expect(place.has("cache/cells"))
    #expect(try place.run("clean", environment: ["OFFPRINT_CACHE": cache]).status == 0)
    #expect(!place.has("cache/cells"))
  }

  @Test("check fails where a claim does not hold, and where there is nothing to check")
  func check() throws {
    let claim = "```swift\nClaim(\"one is two\", id: \"c\", measured: 1, holds: 1 + 0 == 2)\n```\n"
    let place = try CommandRun.Place(["Notebooks/n.md": claim])
    #expect(try place.run("check").status == 2)
    #expect(try place.run("render").status == 0)
    let run = try place.run("check")
    #expect(run.status == 1)
    #expect(run.output.contains("claim 'c' is not reproduced: one is two"))
  }
}
