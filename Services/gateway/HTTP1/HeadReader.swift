#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One header line by its offsets from the head's first byte. The value is without surrounding blanks.
struct HeaderField {
    var line: Range<Int>
    var name: Range<Int>
    var value: Range<Int>
    var kind: FieldKind
}

/// Reads a start line and the header fields after it, line by line as bytes arrive, and strictly: RFC 9112 §2.2 and §5
/// without the leniency that it permits, since leniency is what request smuggling lives on.
///
/// It keeps offsets and no bytes; the caller hands in the same bytes again with more behind them. One reader serves all
/// messages of a connection, and so allocates nothing once its array has grown.
struct HeadReader {
    private(set) var fields: [HeaderField] = []
    /// Without its CR LF.
    private(set) var startLine: Range<Int> = 0..<0
    private var hasStartLine = false
    private var lineStart = 0
    private var searched = 0

    private let grammar: HTTPGrammar
    private let kinds: FieldKindTable
    private let maximumBytes: Int
    private let maximumFields: Int

    init(
        maximumBytes: Int, maximumFields: Int = 128, grammar: HTTPGrammar = HTTPGrammar(),
        kinds: FieldKindTable = FieldKindTable()
    ) {
        self.maximumBytes = maximumBytes
        self.maximumFields = maximumFields
        self.grammar = grammar
        self.kinds = kinds
    }

    /// Whether a part of a head has been read.
    var isWithinHead: Bool { searched > 0 }

    mutating func reset() {
        fields.removeAll(keepingCapacity: true)
        hasStartLine = false
        lineStart = 0
        searched = 0
    }

    /// - Returns: the head's length with the empty line that ends it, or `nil` until that has come.
    mutating func read(_ bytes: UnsafeRawBufferPointer) throws(MessageFault) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        while searched < bytes.count,
            let found = memchr(base + searched, 0x0A, bytes.count - searched)
        {
            let lineFeed = base.distance(to: UnsafeRawPointer(found))
            guard lineFeed < maximumBytes else { throw .headTooLarge }
            guard lineFeed > lineStart, bytes[lineFeed - 1] == 0x0D else { throw .bareLineFeed }
            let content = lineStart..<(lineFeed - 1)
            let line = lineStart..<(lineFeed + 1)
            lineStart = lineFeed + 1
            searched = lineStart
            if !hasStartLine {
                // RFC 9112 §2.2: an empty line before the request line is to be ignored.
                if content.isEmpty { continue }
                guard !bytes.slice(content).holdsControlCharacter else { throw .controlCharacter }
                startLine = content
                hasStartLine = true
            } else if content.isEmpty {
                return lineStart
            } else {
                try appendField(line: line, content: content, of: bytes)
            }
        }
        searched = bytes.count
        guard bytes.count < maximumBytes else { throw .headTooLarge }
        return nil
    }

    private mutating func appendField(
        line: Range<Int>, content: Range<Int>, of bytes: UnsafeRawBufferPointer
    ) throws(MessageFault) {
        guard fields.count < maximumFields else { throw .headTooLarge }
        var colon = content.lowerBound
        while colon < content.upperBound, grammar.token.contains(bytes[colon]) { colon += 1 }
        guard colon > content.lowerBound, colon < content.upperBound, bytes[colon] == 0x3A else {
            throw colon == content.lowerBound && bytes[colon].isBlank ? .foldedLine : .fieldName
        }
        guard !bytes.slice(colon..<content.upperBound).holdsControlCharacter else { throw .controlCharacter }
        var start = colon + 1
        var end = content.upperBound
        while start < end, bytes[start].isBlank { start += 1 }
        while end > start, bytes[end - 1].isBlank { end -= 1 }
        let name = content.lowerBound..<colon
        fields.append(
            HeaderField(line: line, name: name, value: start..<end, kind: kinds.kind(of: bytes.slice(name))))
    }
}

extension UInt8 {
    /// Space or tab.
    @inline(__always)
    var isBlank: Bool { self == 0x20 || self == 0x09 }
}

extension UnsafeRawBufferPointer {
    /// Whether a byte is none of tab, visible ASCII, space and `obs-text` (RFC 9110 §5.5).
    @inline(__always)
    var holdsControlCharacter: Bool {
        var found = false
        for byte in self {
            found = found || ((byte < 0x20 && byte != 0x09) || byte == 0x7F)
        }
        return found
    }
}
