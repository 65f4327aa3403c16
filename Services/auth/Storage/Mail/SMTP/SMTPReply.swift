import NIOCore

/// What a mail server answers (RFC 5321 §4.2): a code, and a line of text or several.
struct SMTPReply: Equatable {
    let code: Int
    let lines: [String]

    var isPositive: Bool { (200..<400).contains(code) }
}

/// Puts replies together from bytes as they come.
struct SMTPReplyParser {
    /// Longer than any server needs (RFC 5321 §4.5.3.1.5 allows 512 bytes), short enough for memory.
    static let maximumLineLength = 4_096
    static let maximumLines = 200

    private var buffer = ByteBuffer()
    private var lines: [String] = []

    /// Whether there is nothing of a next reply yet.
    var isEmpty: Bool { buffer.readableBytes == 0 && lines.isEmpty }

    mutating func append(_ bytes: ByteBuffer) {
        var bytes = bytes
        buffer.writeBuffer(&bytes)
    }

    /// - Returns: `nil` until a reply is complete.
    /// - Throws: ``MailFault/broken(_:)`` for what is no reply.
    mutating func next() throws(MailFault) -> SMTPReply? {
        while let line = try nextLine() {
            guard line.count >= 3, let code = Int(line.prefix(3)), (200...599).contains(code),
                lines.count < Self.maximumLines
            else { throw .broken("the answer is no SMTP reply") }
            let mark = line.dropFirst(3).first
            guard mark == nil || mark == " " || mark == "-" else { throw .broken("the answer is no SMTP reply") }
            lines.append(String(line.dropFirst(4)))
            if mark != "-" {
                defer { lines = [] }
                return SMTPReply(code: code, lines: lines)
            }
        }
        return nil
    }

    private mutating func nextLine() throws(MailFault) -> String? {
        guard let end = buffer.readableBytesView.firstIndex(of: 0x0A) else {
            guard buffer.readableBytes <= Self.maximumLineLength else { throw .broken("a line of a reply is too long") }
            return nil
        }
        let bytes = buffer.readableBytesView[..<end]
        guard bytes.count <= Self.maximumLineLength else { throw .broken("a line of a reply is too long") }
        let line = String(decoding: bytes.last == 0x0D ? bytes.dropLast() : bytes, as: UTF8.self)
        buffer.moveReaderIndex(to: end + 1)
        return line
    }
}
