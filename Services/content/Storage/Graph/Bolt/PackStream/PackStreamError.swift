/// Why bytes are no PackStream value that this client takes.
enum PackStreamError: Error, Equatable {
    /// The message ends within a value, or claims more of it than it has bytes.
    case truncated
    case unknownMarker(UInt8)
    /// No value of Bolt 5, or not with these fields.
    case structure(tag: UInt8)
    case invalidText
    case keyIsNoText
    case repeatedKey(String)
    case tooDeep
    case tooManyValues
    /// Bytes are left over after the value.
    case trailingBytes
    /// A size beyond what PackStream can say (4 GiB).
    case tooLarge
}
