/// Why a message can't be read. Whatever it is, where the next message begins is unknown: the connection ends.
enum MessageFault: Error, Equatable {
    case bareLineFeed
    case controlCharacter
    case startLine
    case fieldName
    case foldedLine
    case host
    case contentLength
    case transferEncoding
    case connection
    case target
    case chunk
    case trailer
    /// Request line and header fields exceed the limit, in bytes or in number.
    case headTooLarge
    case version
    case method
    /// RFC 9110 §15.5.6: known, and allowed nowhere here.
    case forbiddenMethod
    case expectation

    /// The status that tells a client of it.
    var status: UInt16 {
        switch self {
        case .headTooLarge: 431
        case .version: 505
        case .method: 501
        case .forbiddenMethod: 405
        case .expectation: 417
        default: 400
        }
    }

    var detail: String {
        switch self {
        case .bareLineFeed: "Lines must end with CR LF."
        case .controlCharacter: "A header line holds a control character."
        case .startLine: "The request line is malformed."
        case .fieldName: "A header field's name is malformed."
        case .foldedLine: "Folded header lines are not accepted."
        case .host: "There must be exactly one valid Host field."
        case .contentLength: "The Content-Length is malformed, repeated, or joined by a Transfer-Encoding."
        case .transferEncoding: "The only transfer coding that is accepted is chunked, once, in HTTP/1.1."
        case .connection: "The Connection field names a field that it must not name."
        case .target: "The request target is malformed or not in its plain form."
        case .chunk: "The chunked body is malformed."
        case .trailer: "The trailer section is malformed or too large."
        case .headTooLarge: "The request line and header fields are too large."
        case .version: "Only HTTP/1.1 and HTTP/1.0 are spoken here."
        case .method: "The method is not known here."
        case .forbiddenMethod: "The method is not allowed here."
        case .expectation: "The only expectation that can be met is 100-continue."
        }
    }
}
