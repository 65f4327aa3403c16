/// Why bytes are not JSON that we take.
enum JSONFault: Error, Equatable {
    case syntax
    case notUTF8
    /// Nested deeper than ``JSONReader/maximumDepth``.
    case tooDeep
    /// The character U+0000, which PostgreSQL can't keep.
    case nullCharacter
    /// A number beyond the range of a double, or with an exponent beyond that, to either side.
    case hugeNumber
    /// Half of a surrogate pair.
    case loneSurrogate

    var message: String {
        switch self {
        case .syntax: "is not a JSON object"
        case .notUTF8: "is not UTF-8"
        case .tooDeep: "is nested deeper than \(JSONReader.maximumDepth) levels"
        case .nullCharacter: "must not contain the character U+0000"
        case .hugeNumber: "contains a number that is too large, or too small"
        case .loneSurrogate: "contains half of a surrogate pair"
        }
    }
}
