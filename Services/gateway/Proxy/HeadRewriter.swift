import NIOCore

/// Writes heads for the other side: end-to-end fields byte by byte as they came, in as few copies as possible, without
/// what is for one hop only (RFC 9110 §7.6.1), and with what the gateway has to say.
struct HeadRewriter {
    /// In every final answer: no guessing of types, no frames, no paths told to other sites.
    static let guardingFields: StaticString =
        "x-content-type-options: nosniff\r\nx-frame-options: DENY\r\nreferrer-policy: no-referrer\r\n"

    var random = RandomSource()

    /// - Parameter upgrade: what the client asks to change to, where it may.
    /// - Returns: where in `output` the parts lie that are needed later.
    mutating func write(
        _ head: RequestHead, fields: [HeaderField], of bytes: UnsafeRawBufferPointer, from client: ClientAddress,
        upgrade: Range<Int>?, into output: inout ByteBuffer
    ) -> RequestRecord {
        var record = RequestRecord()
        output.writeStaticString(head.method.name)
        output.writeStaticString(" ")
        let target = output.writerIndex
        output.writeBytes(bytes.slice(head.target))
        record.target = target..<output.writerIndex
        record.path = target..<(target + head.path.count)
        output.writeStaticString(" HTTP/1.1\r\n")
        Self.copy(fields, of: bytes, nominates: head.nominatesFields, into: &output) { field in
            switch field.kind {
            case .endToEnd, .host, .contentLength, .authorization, .date, .origin, .requestedMethod, .guarding,
                .acceptEncoding, .contentType,
                .entityTag, .bytesMatter:
                true
            case .precondition: !bytes.slice(field.value).holdsOwnTag
            case .traceParent: field.value == head.traceParent
            case .trailer: head.framing == .chunked
            case .transferEncoding, .connection, .expect, .requestID, .forwardedFor, .forwardedProto, .hopByHop,
                .reserved, .transferPreference, .upgrade:
                false
            }
        }
        if head.hasOwnTags { Self.writeTheirTags(fields, of: bytes, into: &output) }
        if let upgrade {
            output.writeStaticString("connection: upgrade\r\nupgrade: ")
            output.writeBytes(bytes.slice(upgrade))
            output.writeStaticString("\r\n")
        } else if head.wantsTrailers {
            output.writeStaticString("connection: te\r\nte: trailers\r\n")
        }
        if head.host == nil { output.writeStaticString("host: gateway\r\n") }
        output.writeStaticString("x-request-id: ")
        let id = output.writerIndex
        if let own = head.requestID {
            output.writeBytes(bytes.slice(own))
        } else {
            writeHex(of: random.next(), random.next(), into: &output)
        }
        record.requestID = id..<output.writerIndex
        output.writeStaticString("\r\n")
        if head.traceParent == nil {
            output.writeStaticString("traceparent: 00-")
            writeHex(of: random.next(), random.next() | 1, into: &output)
            output.writeStaticString("-")
            writeHex(of: random.next() | 1, into: &output)
            output.writeStaticString("-01\r\n")
        }
        output.writeBytes(client.fields)
        output.writeBytes(head.host.map(bytes.slice) ?? UnsafeRawBufferPointer(start: nil, count: 0))
        if head.framing == .chunked { output.writeStaticString("\r\ntransfer-encoding: chunked") }
        output.writeStaticString("\r\n\r\n")
        return record
    }

    /// - Parameters:
    ///   - requestID: as the service was told it; the service's own echo is dropped.
    ///   - ownFields: whole lines that the gateway adds.
    ///   - coding: what the gateway makes of the content.
    ///   - connection: what the client is to do with the connection after this answer.
    func write(
        _ head: ResponseHead, fields: [HeaderField], of bytes: UnsafeRawBufferPointer,
        requestID: UnsafeRawBufferPointer, isChunked: Bool, connection: ConnectionOption, date: [UInt8],
        ownFields: ByteBuffer, coding: ContentCoding, into output: inout ByteBuffer
    ) {
        output.writeStaticString("HTTP/1.1 ")
        output.writeBytes(bytes.slice(head.statusText))
        // RFC 9112 §4: the space before the reason stays even when there is none.
        output.writeStaticString(head.statusText.count == 3 ? " \r\n" : "\r\n")
        let mayHaveLength = !head.isInterim && head.status != 204
        Self.copy(fields, of: bytes, nominates: head.nominatesFields, into: &output) { field in
            switch field.kind {
            case .transferEncoding, .connection, .requestID, .hopByHop, .transferPreference, .guarding: false
            case .trailer: isChunked
            case .upgrade: head.status == 101
            case .contentLength: mayHaveLength && coding != .gzip
            case .entityTag: coding != .gzip && coding != .gzipUnchanged
            default: true
            }
        }
        if !head.isInterim {
            if !head.hasDate { output.writeBytes(date) }
            output.writeStaticString(Self.guardingFields)
            if ownFields.readableBytes > 0 { output.writeImmutableBuffer(ownFields) }
            output.writeStaticString("x-request-id: ")
            output.writeBytes(requestID)
            output.writeStaticString(connection.line)
            switch coding {
            case .service: break
            case .either: output.writeStaticString("vary: accept-encoding\r\n")
            case .gzip:
                output.writeStaticString("vary: accept-encoding\r\ncontent-encoding: gzip\r\n")
                writeOwnTag(head, of: bytes, into: &output)
            case .gzipUnchanged: writeOwnTag(head, of: bytes, into: &output)
            }
            if isChunked { output.writeStaticString("transfer-encoding: chunked\r\n") }
        } else if head.status == 101 {
            output.writeStaticString("connection: upgrade\r\n")
        }
        output.writeStaticString("\r\n")
    }

    /// `"abc"` becomes `"abc-gzip"`; a weak tag stays, since it promises no bytes.
    private func writeOwnTag(_ head: ResponseHead, of bytes: UnsafeRawBufferPointer, into output: inout ByteBuffer) {
        guard let tag = head.entityTag.map(bytes.slice) else { return }
        output.writeStaticString("etag: ")
        if tag.first == 0x22, tag.count >= 2, tag.last == 0x22 {
            output.writeBytes(tag.dropLast())
            output.writeStaticString(Compressibility.tagSuffix)
        } else {
            output.writeBytes(tag)
        }
        output.writeStaticString("\r\n")
    }

    /// Preconditions with the tags that the service itself gave.
    private static func writeTheirTags(
        _ fields: [HeaderField], of bytes: UnsafeRawBufferPointer, into output: inout ByteBuffer
    ) {
        for field in fields where field.kind == .precondition && bytes.slice(field.value).holdsOwnTag {
            output.writeBytes(bytes.slice(field.name))
            output.writeStaticString(": ")
            output.writeString(
                String(decoding: bytes.slice(field.value), as: UTF8.self).replacing("-gzip\"", with: "\""))
            output.writeStaticString("\r\n")
        }
    }

    /// Copies the lines that `keeps` says and that no Connection field names, neighbours together.
    private static func copy(
        _ fields: [HeaderField], of bytes: UnsafeRawBufferPointer, nominates: Bool, into output: inout ByteBuffer,
        keeps: (HeaderField) -> Bool
    ) {
        var run = 0..<0
        for field in fields {
            guard keeps(field), !nominates || !isNominated(field, fields, bytes) else { continue }
            if field.line.lowerBound == run.upperBound {
                run = run.lowerBound..<field.line.upperBound
            } else {
                if !run.isEmpty { output.writeBytes(bytes.slice(run)) }
                run = field.line
            }
        }
        if !run.isEmpty { output.writeBytes(bytes.slice(run)) }
    }

    private static func isNominated(
        _ field: HeaderField, _ fields: [HeaderField], _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        guard field.kind == .endToEnd || field.kind == .date else { return false }
        let name = bytes.slice(field.name)
        var found = false
        for connection in fields where connection.kind == .connection {
            bytes.slice(connection.value).forEachListMember { member in
                found = found || (member.count == name.count && zip(member, name).allSatisfy { $0 | 0x20 == $1 | 0x20 })
            }
        }
        return found
    }

    mutating func newRequestID() -> String {
        var buffer = ByteBuffer()
        writeHex(of: random.next(), random.next(), into: &buffer)
        return String(buffer: buffer)
    }

    private func writeHex(of numbers: UInt64..., into output: inout ByteBuffer) {
        for number in numbers { output.writeHex(number) }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these entity tags are in part of the gateway's making.
    var holdsOwnTag: Bool {
        let suffix = Compressibility.tagSuffix
        let length = suffix.utf8CodeUnitCount
        guard count > length else { return false }
        for start in 0...(count - length) where slice(start..<(start + length)).equals(suffix) {
            return true
        }
        return false
    }
}

/// What the gateway makes of the content of a service's answer.
enum ContentCoding {
    /// Nothing, and never would.
    case service
    /// Nothing, but it would for another client.
    case either
    case gzip
    /// What the client has is what the gateway compressed.
    case gzipUnchanged
}

/// What a response tells the client about the connection.
enum ConnectionOption {
    /// HTTP/1.1's default: nothing to say.
    case kept
    /// An HTTP/1.0 client that asked for it must be told.
    case keptForOldClient
    case closed

    /// Ends the line before it.
    var line: StaticString {
        switch self {
        case .kept: "\r\n"
        case .keptForOldClient: "\r\nconnection: keep-alive\r\n"
        case .closed: "\r\nconnection: close\r\n"
        }
    }
}

extension ByteBuffer {
    /// Sixteen lower-case digits.
    mutating func writeHex(_ number: UInt64) {
        // Each nibble to a byte of its own, then all to digits at once.
        func digits(_ half: UInt32) -> UInt64 {
            var spread = UInt64(half)
            spread = (spread | spread << 16) & 0x0000_FFFF_0000_FFFF
            spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF
            spread = (spread | spread << 4) & 0x0F0F_0F0F_0F0F_0F0F
            let letters = ((spread + 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
            return spread + 0x3030_3030_3030_3030 + letters &* 0x27
        }
        writeMultipleIntegers(
            digits(UInt32(truncatingIfNeeded: number >> 32)), digits(UInt32(truncatingIfNeeded: number)))
    }

    /// The size line of a chunk of `count` bytes.
    mutating func writeChunkSize(_ count: Int) {
        writeString(String(count, radix: 16))
        writeStaticString("\r\n")
    }

    /// The chunk that ends a body, with the trailer section behind it.
    mutating func writeLastChunk(_ trailers: ByteBuffer?, _ section: TrailerSection) {
        writeStaticString("0\r\n")
        if let trailers { section.write(trailers, into: &self) }
        writeStaticString("\r\n")
    }
}
