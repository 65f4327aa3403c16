/// What a part of `multipart/form-data` says of itself (RFC 7578 §4.2).
struct FormPart: Sendable, Hashable {
    /// The form field's name.
    let name: String
    /// As the client sent it, so not to be trusted; `nil` for an ordinary field.
    let filename: String?

    /// - Parameter headers: the part's header lines, each but the last with its line break.
    init(headers: String) throws(MultipartFault) {
        var disposition: HeaderParameters?
        for line in headers.split(separator: "\r\n" as Character) {
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex,
                line.first?.isWhitespace == false
            else { throw .brokenHeader }
            guard line[..<colon].lowercased() == "content-disposition" else { continue }
            guard disposition == nil else { throw .brokenHeader }
            disposition = HeaderParameters(String(line[line.index(after: colon)...]))
        }
        guard let disposition, disposition.value == "form-data", let name = disposition["name"] else {
            throw .unnamedPart
        }
        self.name = name
        filename = disposition.extended("filename") ?? disposition["filename"]
    }
}
