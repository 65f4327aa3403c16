/// Why a body is no `multipart/form-data`. All of these are the sender's doing.
enum MultipartFault: Error, Hashable {
    /// The content type names no boundary, or one that RFC 2046 §5.1.1 doesn't allow.
    case noBoundary
    /// The body ended before the closing delimiter.
    case cutOff
    /// A delimiter is followed by neither `--` nor a line break.
    case brokenDelimiter
    /// A part's header section is larger than ``MultipartParser/headerLimit``.
    case headersTooLarge
    /// A header line without a colon, or one that starts with white space.
    case brokenHeader
    /// A part without `Content-Disposition: form-data` and a name (RFC 7578 §4.2).
    case unnamedPart
}
