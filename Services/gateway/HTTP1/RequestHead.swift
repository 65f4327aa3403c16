/// What a request's head says, as offsets from its first byte and as facts already checked.
struct RequestHead {
    var method: Method
    /// Path and query, in origin form.
    var target: Range<Int>
    var path: Range<Int>
    var isHTTP11: Bool
    var framing: BodyFraming
    /// Whether the client wants to keep the connection.
    var isPersistent: Bool
    var expectsContinue: Bool
    var host: Range<Int>?
    var authorization: Range<Int>?
    /// The client's own, when it is at most 128 visible ASCII characters.
    var requestID: Range<Int>?
    var origin: Range<Int>?
    var acceptEncoding: Range<Int>?
    /// Whether it names a tag that the gateway gave to what it compressed.
    var hasOwnTags = false
    /// What a browser asks leave for before it sends it, with OPTIONS.
    var requestedMethod: Range<Int>?
    var forwardedFor: Range<Int>?
    var forwardedProto: Range<Int>?
    /// The client's own, when it is well-formed.
    var traceParent: Range<Int>?
    /// What the client would change to (RFC 9110 §7.8).
    var upgrade: Range<Int>?
    /// Whether Connection names Upgrade, as it must.
    var namesUpgrade = false
    /// Whether the client can do something with trailers (RFC 9110 §10.1.4).
    var wantsTrailers = false
    /// Whether Connection names end-to-end fields, which then go no further (RFC 9110 §7.6.1).
    var nominatesFields: Bool
    /// Bytes of the head with the empty line.
    var length: Int
}

/// Reads requests' heads from what a client sends.
struct RequestParser {
    private(set) var reader: HeadReader
    private let grammar = HTTPGrammar()
    private let kinds: FieldKindTable

    /// - Parameter maximumHeadBytes: request line and fields together.
    init(maximumHeadBytes: Int, kinds: FieldKindTable) {
        self.kinds = kinds
        reader = HeadReader(maximumBytes: maximumHeadBytes, grammar: grammar, kinds: kinds)
    }

    mutating func reset() {
        reader.reset()
    }

    /// - Returns: `nil` until the head is whole.
    mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(MessageFault) -> RequestHead? {
        guard let length = try reader.read(bytes) else { return nil }
        var head = try requestLine(bytes, length: length)
        try readFields(of: bytes, into: &head)
        return head
    }

    private func requestLine(
        _ bytes: UnsafeRawBufferPointer, length: Int
    ) throws(MessageFault) -> RequestHead {
        let line = reader.startLine
        var position = line.lowerBound
        while position < line.upperBound, grammar.token.contains(bytes[position]) { position += 1 }
        let method = line.lowerBound..<position
        guard !method.isEmpty, position < line.upperBound, bytes[position] == 0x20 else { throw .startLine }
        let targetStart = position + 1
        position = targetStart
        while position < line.upperBound, bytes[position] != 0x20 { position += 1 }
        guard position > targetStart, position < line.upperBound else { throw .startLine }
        let target = targetStart..<position
        let version = bytes.slice((position + 1)..<line.upperBound)
        let isHTTP11 = version.equals("HTTP/1.1")
        guard isHTTP11 || version.equals("HTTP/1.0") else { throw version.isHTTPVersion ? .version : .startLine }
        guard let known = Method(bytes.slice(method)) else {
            throw Method.isForbidden(bytes.slice(method)) ? .forbiddenMethod : .method
        }
        return RequestHead(
            method: known, target: target, path: target, isHTTP11: isHTTP11, framing: .none, isPersistent: isHTTP11,
            expectsContinue: false, nominatesFields: false, length: length)
    }

    private func readFields(of bytes: UnsafeRawBufferPointer, into head: inout RequestHead) throws(MessageFault) {
        var length: Int?
        var isChunked = false
        var requestIDs = 0
        for field in reader.fields {
            switch field.kind {
            case .endToEnd, .hopByHop, .reserved, .date, .guarding: break
            case .contentType, .entityTag, .bytesMatter, .trailer: break
            case .transferPreference:
                if bytes.slice(field.value).hasListMember("trailers") { head.wantsTrailers = true }
            case .upgrade:
                guard head.upgrade == nil else { throw .fieldName }
                head.upgrade = field.value
            case .acceptEncoding: head.acceptEncoding = field.value
            case .precondition: if bytes.slice(field.value).holdsOwnTag { head.hasOwnTags = true }
            case .origin: head.origin = field.value
            case .requestedMethod: head.requestedMethod = field.value
            case .host:
                guard head.host == nil, isHost(bytes.slice(field.value)) else { throw .host }
                head.host = field.value
            case .contentLength:
                guard length == nil, let count = bytes.slice(field.value).decimal else { throw .contentLength }
                length = count
            case .transferEncoding:
                guard !isChunked, head.isHTTP11, bytes.slice(field.value).equalsIgnoringCase("chunked") else {
                    throw .transferEncoding
                }
                isChunked = true
            case .connection: try readConnection(bytes.slice(field.value), into: &head)
            case .expect:
                guard bytes.slice(field.value).equalsIgnoringCase("100-continue") else { throw .expectation }
                head.expectsContinue = head.isHTTP11
            case .authorization:
                guard head.authorization == nil else { throw .fieldName }
                head.authorization = field.value
            case .forwardedFor: head.forwardedFor = field.value
            case .forwardedProto: head.forwardedProto = field.value
            case .requestID:
                requestIDs += 1
                head.requestID = requestIDs == 1 && isRequestID(bytes.slice(field.value)) ? field.value : nil
            case .traceParent:
                head.traceParent = TraceParent.isValid(bytes.slice(field.value)) ? field.value : nil
            }
        }
        guard head.host != nil || !head.isHTTP11 else { throw .host }
        guard length == nil || !isChunked else { throw .contentLength }
        head.framing = isChunked ? .chunked : length.map { $0 == 0 ? .none : .length($0) } ?? .none
        head.expectsContinue = head.expectsContinue && head.framing != .none
        try Target.check(bytes, grammar: grammar, head: &head)
    }

    private func readConnection(_ value: UnsafeRawBufferPointer, into head: inout RequestHead) throws(MessageFault) {
        var close = false
        var keepAlive = false
        var nominates = false
        var upgrade = false
        try value.forEachListMember { (member) throws(MessageFault) in
            if member.equalsIgnoringCase("close") {
                close = true
            } else if member.equalsIgnoringCase("keep-alive") {
                keepAlive = true
            } else if member.equalsIgnoringCase("upgrade") {
                upgrade = true
            } else {
                switch kinds.kind(of: member) {
                case .endToEnd, .date: nominates = true
                case .host, .contentLength, .authorization, .connection: throw .connection
                default: break
                }
            }
        }
        if nominates { head.nominatesFields = true }
        if upgrade { head.namesUpgrade = true }
        if close {
            head.isPersistent = false
        } else if keepAlive, !head.isHTTP11 {
            head.isPersistent = true
        }
    }

    private func isHost(_ value: UnsafeRawBufferPointer) -> Bool {
        !value.isEmpty && value.allSatisfy(grammar.host.contains)
    }

    private func isRequestID(_ value: UnsafeRawBufferPointer) -> Bool {
        !value.isEmpty && value.count <= 128 && value.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate var isHTTPVersion: Bool {
        count == 8 && slice(0..<5).equals("HTTP/") && self[6] == 0x2E
    }
}
