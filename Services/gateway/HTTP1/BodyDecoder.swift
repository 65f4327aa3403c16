import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Takes a message's content out of its framing (RFC 9112 §6, §7.1) without copying it. Chunk extensions are read and
/// dropped; trailers are kept until the end.
struct BodyDecoder {
    enum Step: Equatable {
        case content(ByteBuffer)
        case needsMore
        case end
    }

    private enum State {
        case identity(remaining: Int)
        case chunkSize
        case chunk(remaining: Int)
        case chunkEnd
        case trailer(ByteBuffer)
        case untilClose
        /// With the trailer section's lines.
        case ended(ByteBuffer?)
    }

    static let maximumChunkLine = 256
    static let maximumTrailer = 8192

    private var state: State

    init(_ framing: BodyFraming) {
        switch framing {
        case .none: state = .ended(nil)
        case .length(let count): state = .identity(remaining: count)
        case .chunked: state = .chunkSize
        case .untilClose: state = .untilClose
        }
    }

    var hasEnded: Bool {
        if case .ended = state { true } else { false }
    }

    /// Lines of the trailer section, each with its CR LF; `nil` when there are none.
    var trailers: ByteBuffer? {
        if case .ended(let trailers) = state { trailers } else { nil }
    }

    /// Bytes still to come, where the framing tells.
    var remaining: Int? {
        switch state {
        case .identity(let count): count
        case .ended: 0
        default: nil
        }
    }

    /// Whether the end of the connection now is the end of the message.
    var endsWithConnection: Bool {
        if case .untilClose = state { true } else { false }
    }

    /// The next piece that `buffer` holds. Call until it says `needsMore` or `end`.
    mutating func next(_ buffer: inout ByteBuffer) throws(MessageFault) -> Step {
        while true {
            switch state {
            case .ended: return .end
            case .untilClose:
                guard buffer.readableBytes > 0, let all = buffer.readSlice(length: buffer.readableBytes) else {
                    return .needsMore
                }
                return .content(all)
            case .identity(let remaining):
                guard let piece = take(remaining, of: &buffer) else { return .needsMore }
                let left = remaining - piece.readableBytes
                state = left == 0 ? .ended(nil) : .identity(remaining: left)
                return .content(piece)
            case .chunk(let remaining):
                guard let piece = take(remaining, of: &buffer) else { return .needsMore }
                let left = remaining - piece.readableBytes
                state = left == 0 ? .chunkEnd : .chunk(remaining: left)
                return .content(piece)
            case .chunkEnd:
                guard buffer.readableBytes >= 2 else { return .needsMore }
                guard buffer.readInteger(as: UInt16.self) == 0x0D0A else { throw .chunk }
                state = .chunkSize
            case .chunkSize:
                guard let size = try readChunkSize(&buffer) else { return .needsMore }
                state = size == 0 ? .trailer(ByteBuffer()) : .chunk(remaining: size)
            case .trailer(let lines):
                guard let next = try readTrailerLine(&buffer, after: lines) else { return .needsMore }
                state = next
            }
        }
    }

    private func take(_ wanted: Int, of buffer: inout ByteBuffer) -> ByteBuffer? {
        guard buffer.readableBytes > 0 else { return nil }
        return buffer.readSlice(length: min(wanted, buffer.readableBytes))
    }

    /// `chunk-size [ chunk-ext ] CRLF`; at most 15 hexadecimal digits.
    private func readChunkSize(_ buffer: inout ByteBuffer) throws(MessageFault) -> Int? {
        guard let line = try readLine(&buffer, maximum: Self.maximumChunkLine, fault: .chunk) else { return nil }
        var size = 0
        var digits = 0
        for byte in line.readableBytesView {
            guard let digit = byte.hexValue else { break }
            digits += 1
            size = size << 4 | digit
            guard digits <= 15 else { throw .chunk }
        }
        guard digits > 0 else { throw .chunk }
        let rest = line.readableBytesView.dropFirst(digits)
        guard rest.isEmpty || rest.first == 0x3B else { throw .chunk }
        guard !rest.contains(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }) else { throw .chunk }
        return size
    }

    private func readTrailerLine(_ buffer: inout ByteBuffer, after lines: ByteBuffer) throws(MessageFault) -> State? {
        let left = Self.maximumTrailer - lines.readableBytes
        guard let line = try readLine(&buffer, maximum: left, fault: .trailer) else { return nil }
        if line.readableBytes == 0 { return .ended(lines.readableBytes == 0 ? nil : lines) }
        let grammar = HTTPGrammar()
        let name = line.readableBytesView.prefix { $0 != 0x3A }
        guard !name.isEmpty, name.count < line.readableBytes, name.allSatisfy(grammar.token.contains),
            !line.withUnsafeReadableBytes(\.holdsControlCharacter)
        else { throw .trailer }
        var lines = lines
        lines.writeImmutableBuffer(line)
        lines.writeStaticString("\r\n")
        return .trailer(lines)
    }

    /// A line without its CR LF, or `nil` until it is whole.
    private func readLine(
        _ buffer: inout ByteBuffer, maximum: Int, fault: MessageFault
    ) throws(MessageFault) -> ByteBuffer? {
        let found = buffer.withUnsafeReadableBytes { bytes in
            bytes.baseAddress.flatMap { base in
                memchr(base, 0x0A, bytes.count).map { base.distance(to: UnsafeRawPointer($0)) }
            }
        }
        guard let length = found else {
            guard buffer.readableBytes < maximum else { throw fault }
            return nil
        }
        guard length <= maximum, length > 0,
            buffer.getInteger(at: buffer.readerIndex + length - 1, as: UInt8.self) == 0x0D
        else { throw fault }
        let line = buffer.readSlice(length: length - 1)
        buffer.moveReaderIndex(forwardBy: 2)
        return line
    }
}
