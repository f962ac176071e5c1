import Foundation
import Testing

@Suite("Faults in notebooks, through the real command")
struct FaultTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var source: String
    var status: Int32
    /// What must stand in the messages.
    var messages: [String]
    /// What must stand in the page, if one is made.
    var page: [String] = []
    var testDescription: String { name }
  }

  /// Another notebook beside each faulty one: it must be rendered whatever happens there.
  static let sound = "# Sound\n\n```swift\nprint(6 * 7)\n```\n"

  @Test("give one clear error, the right status, and the rest of the site", .timeLimit(.minutes(3)), arguments: cases)
  func fault(_ example: Case) throws {
    let place = try CommandRun.Place(["Notebooks/faulty.md": example.source, "Notebooks/sound.md": Self.sound])
    let run = try place.run("render")
    #expect(run.status == example.status, "\(run.errors)")
    for message in example.messages { #expect(run.errors.contains(message), "\(run.errors)") }
    #expect(place.text("Output/sound/index.html").contains("42"))
    for text in example.page { #expect(place.text("Output/faulty/index.html").contains(text)) }
    if example.status == 2 { #expect(!place.has("Output/faulty")) }
  }

  static let cases: [Case] = reading + running

  static let reading: [Case] = [
    Case(
      name: "broken YAML",
      source: "---\ntitle: [\n---\n",
      status: 2,
      messages: ["Notebooks/faulty.md:", "broken YAML", "help: check indentation"]
    ),
    Case(
      name: "unknown key",
      source: "---\nprams: {}\n---\n",
      status: 2,
      messages: ["Notebooks/faulty.md:2:1: error: unknown key 'prams'", "did you mean 'params'?", "2 | prams: {}"]
    ),
    Case(
      name: "unknown option",
      source: "```swift\n//| cption: x\n1\n```\n",
      status: 2,
      messages: ["Notebooks/faulty.md:2:5: error: unknown key 'cption'", "did you mean 'caption'?"]
    ),
    Case(name: "empty file", source: "", status: 2, messages: ["Notebooks/faulty.md: error: the file is empty"]),
    Case(
      name: "two cells with one label",
      source: "```swift\n//| label: a\n1\n```\n```swift\n//| label: a\n1\n```\n",
      status: 2,
      messages: ["Notebooks/faulty.md:6:12: error: two cells have the label 'a'", "the first stands on line 2"]
    ),
  ]

  static let running: [Case] = [
    Case(
      name: "reference to an unknown label",
      source: "See @fig-nothing.\n",
      status: 1,
      messages: ["Notebooks/faulty.md:1:5: error:", "fig-nothing"]
    ),
    Case(
      name: "cell that does not compile",
      source: "# T\n\n```swift\nlet a: Int = \"x\"\n```\n\n```swift\na + 1\n```\n",
      status: 1,
      messages: ["Notebooks/faulty.md:4:14: error: cannot convert value of type 'String'", "4 | let a: Int = \"x\""],
      page: ["cannot convert value of type"]
    ),
    Case(
      name: "cell that throws",
      source:
        "```swift\nstruct Odd: Error { var n: Int }\nfunc f(_ n: Int) throws { throw Odd(n: n) }\ntry f(3)\n```\n",
      status: 1,
      messages: ["Notebooks/faulty.md:3:27: error: Odd thrown: Odd(n: 3)"],
      page: ["Odd(n: 3)"]
    ),
    Case(
      name: "cell that traps",
      source: "```swift\nlet xs = [1, 2]\nlet i = xs.count + 5\nprint(\"before\")\nprint(xs[i])\n```\n",
      status: 1,
      messages: ["Notebooks/faulty.md:5:", "fatal error: Index out of range"],
      page: ["before", "Index out of range"]
    ),
    Case(
      name: "cell that calls exit",
      source: "```swift\nexit(0)\n```\n\n```swift\nprint(\"still\", 1 + 1)\n```\n",
      status: 1,
      messages: ["Notebooks/faulty.md:2:1: error: the cell called exit(0)"],
      page: ["still 2"]
    ),
    Case(
      name: "cell that loops for ever",
      source:
        "```swift\nlet early = 5\n```\n```swift\n//| timeout: 1s\nwhile true {}\n```\n```swift\nprint(\"early\", early)\n```\n",
      status: 1,
      messages: ["error: the cell ran longer than 1 s", "help: set a longer 'timeout'"],
      page: ["early 5"]
    ),
    Case(
      name: "cell that calls itself without end",
      source: "```swift\nfunc f(_ n: Int) -> Int { n == -1 ? 0 : 1 + f(n + 1) }\nprint(f(0))\n```\n",
      status: 1,
      messages: ["Notebooks/faulty.md:2:", "error: stack overflow"]
    ),
    Case(
      name: "cell that allocates without end",
      source:
        "---\nexecute: {memory: 1GB}\n---\n```swift\nvar all: [[Double]] = []\nwhile true { all.append([Double](repeating: 1, count: 10_000_000)) }\n```\n",
      status: 1,
      messages: ["error: the cell needs more memory than the limit of 1024 MB", "help: work on smaller pieces"]
    ),
    Case(
      name: "cell that prints 100 MB",
      source: "```swift\nlet line = String(repeating: \"x\", count: 999)\nfor _ in 0..<100_000 { print(line) }\n```\n",
      status: 0,
      messages: ["warning: the cell printed 98951424 bytes beyond the limit of 1 MiB", "help: print less"]
    ),
    Case(
      name: "cell that prints invalid UTF-8",
      source: "```swift\nlet bytes: [UInt8] = [104, 105, 255, 10]\nfwrite(bytes, 1, 4, stdout)\nfflush(stdout)\n```\n",
      status: 0,
      messages: ["warning: the cell printed bytes that are not UTF-8", "help: print text"],
      page: ["hi\u{FFFD}"]
    ),
    Case(
      name: "await at the top level",
      source: "```swift\nfunc f() async -> Int { 1 }\nlet a = await f()\n```\n",
      status: 1,
      messages: [
        "Notebooks/faulty.md:3:9: error: 'await' cannot stand at the top level", "help: write 'let value = try waitFor",
      ]
    ),
    Case(
      name: "guard at the top level",
      source: "```swift\nguard let a = Int(\"1\") else { fatalError() }\n```\n```swift\na + 1\n```\n",
      status: 1,
      messages: ["Notebooks/faulty.md:2:1: error: 'a' is bound by a 'guard'", "help: write 'let a = try require"]
    ),
    Case(
      name: "name used in its own definition",
      source: "```swift\nlet a = 1\n```\n```swift\nlet a = a + 1\n```\n",
      status: 1,
      messages: ["Notebooks/faulty.md:5:9: error: 'a' is used in its own definition"]
    ),
    Case(
      name: "inline expression that does not compile",
      source: "Value `{swift} nothing` and `{swift} 2 + 3`.\n",
      status: 1,
      messages: ["Notebooks/faulty.md:1:16: error: cannot find 'nothing' in scope"],
      page: [">5<"]
    ),
    Case(
      name: "inline expression that traps",
      source: "```swift\nlet xs = [1]\n```\n\nValue `{swift} xs[xs.count]` and `{swift} xs[0]`.\n",
      status: 1,
      messages: ["Notebooks/faulty.md:5:", "fatal error: Index out of range"],
      page: [">1<"]
    ),
  ]
}
