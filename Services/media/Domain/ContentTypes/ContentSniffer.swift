/// Finds out what a file is, from its bytes alone, as they pass by.
///
/// Formats with a magic number are known by the first ``headLength`` bytes; that something is text is only certain
/// when all of it has been seen.
struct ContentSniffer {
    /// Bytes that are looked at for more than text.
    static let headLength = 4_096
    /// The type of what no rule knows (RFC 2046 §4.5.1).
    static let unknown = "application/octet-stream"

    private var head: [UInt8] = []
    private var text = TextScanner()
    private var binaryType: String?
    private var textType: String?
    private var hasJudgedHead = false

    /// `nil` while it can't be told yet. Text may still turn out to be none.
    var contentType: String? {
        guard hasJudgedHead else { return nil }
        if let binaryType { return binaryType }
        return text.isText ? textType ?? "text/plain" : Self.unknown
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if !hasJudgedHead {
            head.append(contentsOf: bytes.prefix(Self.headLength - head.count))
            if head.count == Self.headLength { judgeHead() }
        }
        if binaryType == nil { text.append(bytes) }
    }

    /// The type, once there are no more bytes.
    mutating func finish() -> String {
        text.finish()
        if !hasJudgedHead { judgeHead() }
        return contentType ?? Self.unknown
    }

    private mutating func judgeHead() {
        hasJudgedHead = true
        binaryType =
            MagicNumber.formats.first { $0.marks.allSatisfy { $0.matches(head) } }?.type
            ?? ContainerFormat.type(of: head)
        textType = MarkupFormat.type(of: head)
        head = []
    }
}
