import NIOCore

/// Trailer fields on their way from one side to the other (RFC 9110 §6.5).
struct TrailerSection: Sendable {
    /// What has to be known before the content is read, or decides who may do what, has no place behind the content: one
    /// who reads trailers into the header section would be misled (RFC 9110 §6.5.1).
    private static let misplaced: [StaticString] = [
        "age", "cache-control", "cookie", "expires", "if-modified-since", "if-range", "if-unmodified-since", "location",
        "max-forwards", "pragma", "range", "retry-after", "set-cookie", "vary", "warning", "www-authenticate",
    ]

    private let kinds: FieldKindTable

    init(kinds: FieldKindTable) {
        self.kinds = kinds
    }

    /// Writes those of `lines`, which are whole and valid, that may go on.
    func write(_ lines: ByteBuffer, into output: inout ByteBuffer) {
        lines.withUnsafeReadableBytes { bytes in
            var start = 0
            while let end = bytes[start...].firstIndex(of: 0x0A) {
                let line = bytes.slice(start..<(end + 1))
                start = end + 1
                guard let colon = line.firstIndex(of: 0x3A), mayGoOn(line.slice(0..<colon)) else { continue }
                output.writeBytes(line)
            }
        }
    }

    private func mayGoOn(_ name: UnsafeRawBufferPointer) -> Bool {
        switch kinds.kind(of: name) {
        case .endToEnd: !Self.misplaced.contains { name.equalsIgnoringCase($0) }
        case .entityTag: true
        default: false
        }
    }
}
