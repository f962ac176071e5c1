import Foundation
import Testing

@Suite("What cells see of one another")
struct CellSemanticsTests {
  /// Each line that is printed must stand in the page.
  static let notebook = #"""
    ---
    title: Semantics
    params: { n: 3 }
    ---

    Early value `{swift} late * 2`, and the counter here `{swift} counter`.

    ```swift
    var counter = 1
    let (left, right) = (2, 3)
    func describe(_ value: Int) -> String { "int \(value)" }
    struct Die { var sides = 6 }
    enum Side: String { case heads, tails }
    final class Box { var items: [Int] = [] }
    protocol Shape { var area: Double { get } }
    let box = Box()
    ```

    ```swift
    counter += left * right
    box.items.append(counter)
    func describe(_ value: String) -> String { "string \(value)" }
    extension Die: CustomStringConvertible { var description: String { "d\(sides)" } }
    extension Array where Element == Int { var total: Int { reduce(0, +) } }
    infix operator <+>: AdditionPrecedence
    func <+> (a: Int, b: Int) -> Int { a * 10 + b }
    struct Square: Shape { var side = 2.0; var area: Double { side * side } }
    import Foundation
    ```

    Now the counter is `{swift} counter`.

    ```swift
    print("A counter", counter, box.items)
    print("B overloads", describe(1), describe("x"))
    print("C extension", Die(), [1, 2, 3].total, 4 <+> 2)
    print("D import", String(format: "%.2f", 1.5))
    print("E tuple", left, right, Side.tails)
    let shapes: [any Shape] = [Square()]
    print("F protocol", shapes.map(\.area))
    ```

    ```swift
    let left = "shadowed"
    struct Die { var pips = 20 }
    print("G new", left, Die().pips)
    ```

    ```swift
    counter = 100
    print("H later", left, Die().pips, counter)
    if let match = "key=value".firstMatch(of: /(\w+)=(\w+)/) { print("I regex", match.2) }
    func slow() async -> Int { await Task.yield(); return 5 }
    print("J async", try waitFor { await slow() })
    let late = 21
    ```

    ```swift
    for i in 0..<2 { show("K shown \(i)") }
    print("L params", params.n, #line)
    @MainActor func onMain() {}
    func trace(_ matrix: Matrix<Double>) -> Double { matrix.diagonal.reduce(0, +) }
    print("N runtime type", trace(.identity(3)), trace(Matrix([Double(params.n)], rows: 1, columns: params.n - 2)))
    late == 21 ? "M \(late)" : "N"
    ```
    """#

  @Test("functions, types, variables, extensions, operators and imports cross over; later definitions shadow")
  func semantics() throws {
    let place = try CommandRun.Place(["Notebooks/n.md": Self.notebook])
    let run = try place.run("render")
    #expect(run.status == 0, "\(run.errors)")
    let page = place.text("Output/n/index.html")
    let expected = [
      "A counter 7 [7]", "B overloads int 1 string x", "C extension d6 6 42", "D import 1.50", "E tuple 2 3 tails",
      "F protocol [4.0]", "G new shadowed 20", "H later shadowed 20 100", "I regex value", "J async 5", "K shown 0",
      "K shown 1", "L params 3 2", "M 21", "N runtime type 3.0 3.0", ">42<", ">1<", ">7<",
    ]
    for text in expected { #expect(page.contains(text), "\(text)") }
  }

  @Test(
    "parameters may be read one by one, handed on as a whole, and hidden by a name of the author's own",
    arguments: [
      ("func size(_ p: Parameters) -> Int { p.n }", "let whole = params", "size(whole) + size(params)", "6"),
      ("let twice = params.n * 2", "let list = [params.n, twice]", "list + [params.n]", "[3, 6, 3]"),
      ("struct Pair { let params = 5 }", "let first = Pair().params", "first + params.n", "8"),
      ("let profile = [1.5]", "let first = profile[0]", "first + profile[0]", "3.0"),
      ("let before = profile", #"let params = (n: 4, m: "x")"#, "params.m + before", "x"),
    ]
  )
  func parameters(first: String, second: String, third: String, shown: String) throws {
    let cells = [first, second, third].map { "```swift\n\($0)\n```\n" }.joined(separator: "\n")
    let place = try CommandRun.Place(["Notebooks/n.md": "---\ntitle: T\nparams: { n: 3 }\n---\n\n\(cells)"])
    let run = try place.run("render")
    #expect(run.status == 0, "\(run.errors)")
    #expect(place.text("Output/n/index.html").contains(">\(shown)</pre>"))
  }

  @Test("names that the runtime has too, in the open or for itself, mean the author's own in later cells")
  func runtimeNames() throws {
    let notebook = """
      # T

      ```swift
      struct SerialRegions { var value = "own private type" }
      struct Tensor { var value = "own type" }
      func fft(_ x: [Complex<Double>]) -> String { "own function" }
      let serialRegions = "own value"
      ```

      ```swift
      func sum(_ x: [Double]) -> Double { x.reduce(0, +) }
      print(SerialRegions().value, Tensor().value, fft([]), serialRegions)
      ```

      ```swift
      func sum(_ x: [Int]) -> Int { x.reduce(0, +) }
      ```

      ```swift
      print("overloads", sum([1, 2]), sum([0.5, 0.25]), abs(-1))
      ```
      """
    let place = try CommandRun.Place(["Notebooks/n.md": notebook])
    let run = try place.run("render")
    #expect(run.status == 0, "\(run.errors)")
    let page = place.text("Output/n/index.html")
    #expect(page.contains("own private type own type own function own value"))
    #expect(page.contains("overloads 3 0.75 1"))
  }

  @Test("kernels with versions for several processors are found where only their address is taken")
  func kernelAddresses() throws {
    let notebook = """
      # T

      ```swift
      let n = 500_000
      let matrix = try SparseMatrix(rows: n, columns: n, entries: (0..<n).map { SparseMatrix<Double>.Entry($0, $0, 2) })
      print("sum", (matrix * [Double](repeating: 1, count: n)).reduce(0, +))
      ```
      """
    let place = try CommandRun.Place(["Notebooks/n.md": notebook])
    let run = try place.run("render")
    #expect(run.status == 0, "\(run.errors)")
    #expect(place.text("Output/n/index.html").contains("sum 1000000.0"))
  }
}
