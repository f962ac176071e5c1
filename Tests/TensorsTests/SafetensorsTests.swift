import Tensors
import Testing

@Suite("Safetensors files")
struct SafetensorsTests {
  private static func file(header: String, data: [UInt8] = [], claimed: UInt64? = nil) -> [UInt8] {
    let size = claimed ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: size >> UInt64(8 * $0)) } + Array(header.utf8) + data
  }

  @Test("what is written is read back")
  func roundTrip() throws {
    var file = SafetensorsFile(metadata: ["made \"by\"": "a\ttest\\"])
    file.append("x", [1.5, -.infinity, .leastNonzeroMagnitude, 4], shape: [2, 2])
    file.append("ä\n", [])
    file.append("scalar", [7], shape: [])
    let bytes = file.encoded()
    #expect(bytes.count % 8 == 0)
    let back = try SafetensorsFile(bytes)
    #expect(back == file)
    #expect(try back.doubles("x") == [1.5, -.infinity, .leastNonzeroMagnitude, 4])
    #expect(back["x"]?.shape == [2, 2])
  }

  @Test("single precision is read as doubles, other types are refused")
  func types() throws {
    let header =
      #"{"f":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"i":{"dtype":"I8","shape":[1],"data_offsets":[8,9]}}"#
    let file = try SafetensorsFile(Self.file(header: header, data: [0, 0, 128, 63, 0, 0, 0, 192, 5]))
    #expect(try file.doubles("f") == [1, -2])
    #expect(throws: SafetensorsError.wrongType("i", expected: "F64 or F32", got: "I8")) { try file.doubles("i") }
    #expect(throws: SafetensorsError.missing("g", known: ["f", "i"])) { try file.doubles("g") }
  }

  private static func entry(_ dtype: String = "F64", _ shape: String = "[1]", _ offsets: String = "[0,8]") -> String {
    #"{"a":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}}"#
  }

  static let hostile: [(bytes: [UInt8], message: String)] = [
    ([], "safetensors: header length needs 8 bytes, 0 are there"),
    (file(header: "{}", claimed: 9), "safetensors: header needs 9 bytes, 2 are there"),
    (file(header: "{}", claimed: .max), "safetensors: header of \(Int.max) bytes; at most 104857600"),
    (file(header: "[]"), "safetensors: header: JSON, byte 0: expected an object"),
    (file(header: "{,}"), "safetensors: header: JSON, byte 1: expected a string"),
    (file(header: #"{"a":1,"a":2}"#), "safetensors: header: JSON, byte 10: key 'a' stands twice in one object"),
    (file(header: "{}", data: [1]), "safetensors: data byte 0: belongs to no array"),
    (
      file(header: entry("F99"), data: Array(repeating: 0, count: 8)),
      "safetensors: array 'a': dtype must be one of BOOL, I8, U8, I16, U16, F16, BF16, I32, U32, F32, I64, U64, F64"
    ),
    (
      file(header: entry("F64", "[2]"), data: Array(repeating: 0, count: 8)),
      "safetensors: array 'a': F64 values of shape [2] take 16 bytes, got 8"
    ),
    (
      file(header: entry("F64", "[-1]"), data: Array(repeating: 0, count: 8)),
      "safetensors: array 'a': shape must hold whole numbers from 0 up"
    ),
    (
      file(header: entry("F64", "[4611686018427387904,8]"), data: Array(repeating: 0, count: 8)),
      "safetensors: array 'a': shape [4611686018427387904, 8] has more values than memory has bytes"
    ),
    (
      file(header: entry("F64", "[1]", "[0,16]"), data: Array(repeating: 0, count: 8)),
      "safetensors: array 'a': data_offsets [0, 16] must be two ascending numbers up to 8"
    ),
    (
      file(header: entry("F64", "[1]", "[8,0]"), data: Array(repeating: 0, count: 8)),
      "safetensors: array 'a': data_offsets [8, 0] must be two ascending numbers up to 8"
    ),
    (
      file(header: entry("F64", "[1]", "[1,9]"), data: Array(repeating: 0, count: 9)),
      "safetensors: data byte 0: belongs to no array"
    ),
    (
      file(
        header:
          #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
        data: [0, 0, 0]
      ), "safetensors: data byte 1: 'b' overlaps another array"
    ),
  ]

  @Test("truncated and hostile files are refused", arguments: hostile.indices)
  func refused(index: Int) {
    let (bytes, message) = Self.hostile[index]
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(bytes) }
    #expect(error?.description == message)
  }

  @Test("every truncation of a good file is refused")
  func truncations() {
    var file = SafetensorsFile()
    file.append("x", [1, 2, 3])
    let bytes = file.encoded()
    for count in 0..<bytes.count {
      #expect(throws: SafetensorsError.self) { try SafetensorsFile(Array(bytes[..<count])) }
    }
  }
}

@Suite("JSON")
struct JSONTests {
  static let documents: [(String, JSONValue)] = [
    ("null", .null), (" [true , false]\n", .array([.bool(true), .bool(false)])),
    ("-0", .integer(0)), ("12", .integer(12)), ("-1.5e2", .number(-150)), ("99999999999999999999", .number(1e20)),
    (#""a\u00e9\n\ud83d\ude00""#, .string("aé\n😀")), ("{}", .object([])),
    (
      #"{"b":[],"a":{"c":"d"}}"#,
      .object([
        .init(key: "b", value: .array([])), .init(key: "a", value: .object([.init(key: "c", value: .string("d"))])),
      ])
    ),
  ]

  @Test("documents are read", arguments: documents.indices)
  func reads(index: Int) throws {
    #expect(try JSONValue(parsing: Array(Self.documents[index].0.utf8)) == Self.documents[index].1)
  }

  @Test(
    "what is not JSON is refused",
    arguments: [
      "", "nul", "[1,]", "{\"a\":}", "01", "1.", ".5", "+1", "1e", "\"\\x\"", "\"\\ud800\"", "\"a\nb\"", "\"abc",
      "[1 2]", "1 1",
      "NaN", "1e999", "{'a':1}", "[", "{\"a\" 1}", "\"\\u12g4\"", "\"\\u+123\"", "--1",
    ]
  )
  func refuses(text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
  }

  @Test("deep nesting and bad bytes are refused without harm")
  func hostile() {
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(throws: JSONError(cause: .tooDeep, offset: 64)) { try JSONValue(parsing: deep) }
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
  }
}
