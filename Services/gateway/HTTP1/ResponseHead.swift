/// What a service's response head says, as offsets from its first byte.
struct ResponseHead {
    var status: UInt16
    /// From the status code on, with the reason phrase.
    var statusText: Range<Int>
    var framing: BodyFraming
    /// Whether the service keeps the connection.
    var isPersistent: Bool
    var nominatesFields: Bool
    var hasDate: Bool
    var contentType: Range<Int>?
    var entityTag: Range<Int>?
    /// It is encoded, or a part, or may be asked for in parts.
    var bytesMatter = false
    var length: Int

    var isInterim: Bool { status < 200 }

    /// Whether the gateway may compress the content for a client that likes it so.
    func isCompressible(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard status == 200, !bytesMatter, let contentType else { return false }
        switch framing {
        case .none: return false
        case .length(let length): if length < Compressibility.leastBytes { return false }
        case .chunked, .untilClose: break
        }
        return Compressibility.isText(bytes.slice(contentType))
    }
}

/// Reads responses' heads from what a service sends.
struct ResponseParser {
    private(set) var reader: HeadReader
    private let kinds: FieldKindTable

    init(maximumHeadBytes: Int, kinds: FieldKindTable) {
        self.kinds = kinds
        reader = HeadReader(maximumBytes: maximumHeadBytes, kinds: kinds)
    }

    mutating func reset() {
        reader.reset()
    }

    /// - Parameter method: of the request, which decides whether content follows.
    /// - Returns: `nil` until the head is whole.
    mutating func parse(_ bytes: UnsafeRawBufferPointer, method: Method) throws(MessageFault) -> ResponseHead? {
        guard let length = try reader.read(bytes) else { return nil }
        var head = try statusLine(bytes, length: length)
        var contentLength: Int?
        var isChunked = false
        for field in reader.fields {
            switch field.kind {
            case .contentLength:
                guard contentLength == nil, let count = bytes.slice(field.value).decimal else { throw .contentLength }
                contentLength = count
            case .transferEncoding:
                guard !isChunked, bytes.slice(field.value).equalsIgnoringCase("chunked") else {
                    throw .transferEncoding
                }
                isChunked = true
            case .connection: readConnection(bytes.slice(field.value), into: &head)
            case .date: head.hasDate = true
            case .contentType: head.contentType = field.value
            case .entityTag: head.entityTag = field.value
            // Trailers may tell of the bytes, as a digest does.
            case .bytesMatter, .trailer: head.bytesMatter = true
            default: break
            }
        }
        guard contentLength == nil || !isChunked else { throw .contentLength }
        if head.isInterim || head.status == 204 || head.status == 304 || method == .head {
            head.framing = .none
        } else if isChunked {
            head.framing = .chunked
        } else if let contentLength {
            head.framing = contentLength == 0 ? .none : .length(contentLength)
        } else {
            head.framing = .untilClose
            head.isPersistent = false
        }
        return head
    }

    /// `HTTP/1.1 200 OK`; the reason, and the space before it, may be missing.
    private func statusLine(_ bytes: UnsafeRawBufferPointer, length: Int) throws(MessageFault) -> ResponseHead {
        let range = reader.startLine
        let line = bytes.slice(range)
        guard line.count >= 12, line.slice(0..<7).equals("HTTP/1."), line[7] == 0x31 || line[7] == 0x30,
            line[8] == 0x20, let status = line.slice(9..<12).decimal, status >= 100, status < 600,
            line.count == 12 || line[12] == 0x20
        else { throw .startLine }
        return ResponseHead(
            status: UInt16(status), statusText: (range.lowerBound + 9)..<range.upperBound, framing: .none,
            isPersistent: line[7] == 0x31, nominatesFields: false, hasDate: false, length: length)
    }

    private func readConnection(_ value: UnsafeRawBufferPointer, into head: inout ResponseHead) {
        var isPersistent = head.isPersistent
        var nominates = head.nominatesFields
        value.forEachListMember { member in
            if member.equalsIgnoringCase("close") {
                isPersistent = false
            } else if kinds.kind(of: member) == .endToEnd, !member.equalsIgnoringCase("keep-alive") {
                nominates = true
            }
        }
        head.isPersistent = isPersistent
        head.nominatesFields = nominates
    }
}
