internal import CDuktape

/// A small JavaScript engine, for the formula writer only.
///
/// One engine belongs to one owner, which calls it from one thread at a time.
final class ScriptEngine {
  /// What a script threw, as text.
  struct Failure: Error {
    var message: String
  }

  private let context: OpaquePointer

  init() throws(Failure) {
    guard let context = offprint_duk_create() else { throw Failure(message: "no memory for the script engine") }
    self.context = context
  }

  deinit { duk_destroy_heap(context) }

  /// Runs source text and forgets its value.
  func run(_ source: [UInt8]) throws(Failure) {
    let status = source.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { offprint_duk_eval(context, $0.baseAddress, $0.count) }
    }
    let message = takeText()
    if status != 0 { throw Failure(message: message) }
  }

  /// Runs a large library, whose compiled form `load` may give and `store` may keep: compiling costs far more than running.
  func runLibrary(_ source: () -> [UInt8]?, load: () -> [UInt8]?, store: ([UInt8]) -> Void) throws(Failure) {
    if let bytecode = load() {
      bytecode.withUnsafeBytes { offprint_duk_load(context, $0.baseAddress, $0.count) }
    } else {
      guard let source = source() else { throw Failure(message: "the library cannot be read") }
      let status = source.withUnsafeBufferPointer { buffer in
        buffer.withMemoryRebound(to: CChar.self) { offprint_duk_compile(context, $0.baseAddress, $0.count) }
      }
      if status != 0 { throw Failure(message: takeText()) }
      var count = 0
      if let bytes = offprint_duk_dump(context, &count) {
        store(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
      }
      duk_pop(context)
    }
    let status = offprint_duk_call(context, 0)
    let message = takeText()
    if status != 0 { throw Failure(message: message) }
  }

  /// Version of the engine: compiled forms are good for one version only.
  static var version: Int { offprint_duk_version() }

  /// Calls a global function with texts and gives back its text.
  func call(_ function: String, _ arguments: [String]) throws(Failure) -> String {
    duk_get_global_string(context, function)
    for argument in arguments {
      ScriptText.encode(argument).withUnsafeBufferPointer { buffer in
        _ = buffer.withMemoryRebound(to: CChar.self) { duk_push_lstring(context, $0.baseAddress, duk_size_t($0.count)) }
      }
    }
    let status = offprint_duk_call(context, Int32(arguments.count))
    let text = takeText()
    if status != 0 { throw Failure(message: text) }
    return text
  }

  private func takeText() -> String {
    var count = 0
    let text = offprint_duk_text(context, &count)
    defer { duk_pop(context) }
    guard let text else { return "" }
    return ScriptText.decode(UnsafeRawBufferPointer(start: text, count: count))
  }
}

/// Text as the engine stores it: UTF-8, but with characters beyond 16 bits as two surrogates of three bytes each.
enum ScriptText {
  static func encode(_ text: String) -> [UInt8] {
    // Four-byte sequences begin with 0xF0 or above.
    guard text.utf8.contains(where: { $0 >= 0xF0 }) else { return Array(text.utf8) }
    return text.utf16.reduce(into: []) { bytes, unit in
      switch unit {
      case 0..<0x80: bytes.append(UInt8(unit))
      case 0x80..<0x800: bytes += [UInt8(0xC0 | unit >> 6), UInt8(0x80 | unit & 0x3F)]
      default: bytes += [UInt8(0xE0 | unit >> 12), UInt8(0x80 | unit >> 6 & 0x3F), UInt8(0x80 | unit & 0x3F)]
      }
    }
  }

  static func decode(_ bytes: UnsafeRawBufferPointer) -> String {
    // Surrogates begin with 0xED and a second byte from 0xA0 on.
    guard zip(bytes, bytes.dropFirst()).contains(where: { $0 == 0xED && $1 >= 0xA0 }) else {
      return String(decoding: bytes, as: UTF8.self)
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard index + 5 < bytes.count, bytes[index] == 0xED, (0xA0...0xAF).contains(bytes[index + 1]),
        bytes[index + 3] == 0xED, bytes[index + 4] >= 0xB0
      else {
        result.append(bytes[index])
        index += 1
        continue
      }
      let high = UInt32(bytes[index + 1] & 0x0F) << 6 | UInt32(bytes[index + 2] & 0x3F)
      let low = UInt32(bytes[index + 4] & 0x0F) << 6 | UInt32(bytes[index + 5] & 0x3F)
      if let scalar = Unicode.Scalar(0x10000 + high << 10 | low) {
        result.append(contentsOf: Array(String(scalar).utf8))
      }
      index += 6
    }
    return String(decoding: result, as: UTF8.self)
  }
}
