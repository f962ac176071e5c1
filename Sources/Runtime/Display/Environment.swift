#if canImport(Glibc)
  internal import Glibc
#endif

/// The value of an environment variable.
func environmentValue(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

/// Describes an error that left the top level of a cell; the kernel calls this by name.
@_cdecl("offprint_describe_error")
public func describeError(_ pointer: UnsafeMutableRawPointer) {
  // On Linux an error existential is one pointer to a box, which is what the Swift runtime hands over.
  let error = unsafeBitCast(pointer, to: (any Error).self)
  Channel.current.send(
    .thrownError(description: String(describing: error), typeName: String(describing: type(of: error)))
  )
}
