import NIOCore

/// Takes `multipart/form-data` apart (RFC 7578, RFC 2046 §5.1) as its bytes come, in whatever pieces they come.
///
/// A pure state machine: ``append(_:)`` what has arrived, then ask for ``next()`` until it has nothing more to tell.
/// It holds no more than one delimiter or one header section; contents pass through as slices of what was appended.
struct MultipartParser {
    /// Bytes that one part's header section may have, its line breaks included.
    static let headerLimit = 8 * 1024

    enum Event: Equatable {
        case began(FormPart)
        case content(ByteBuffer)
        case ended
    }

    private enum State {
        case preamble
        case delimited
        case headers
        case contentStart
        case content
        case closed
    }

    private let delimiter: [UInt8]
    private var state = State.preamble
    /// Starts with a line break that was never sent, so that the first delimiter looks like the others.
    private var pending = ByteBuffer(string: "\r\n")

    init(boundary: MultipartBoundary) {
        delimiter = boundary.delimiter
    }

    mutating func append(_ bytes: ByteBuffer) {
        if pending.readableBytes == 0 {
            pending = bytes
        } else {
            pending.discardReadBytes()
            pending.writeImmutableBuffer(bytes)
        }
    }

    /// The next thing that is known; `nil` when more bytes are needed, or after the closing delimiter.
    mutating func next() throws(MultipartFault) -> Event? {
        while true {
            switch state {
            case .preamble:
                guard try skipPreamble() else { return nil }
            case .delimited:
                guard try readDelimiterLine() else { return nil }
            case .headers:
                guard let part = try readHeaders() else { return nil }
                state = .contentStart
                return .began(part)
            case .contentStart:
                guard let event = startContent() else { return nil }
                if case .ended = event { return event }
            case .content:
                return readContent()
            case .closed:
                // What follows is an epilogue, which has no meaning (RFC 2046 §5.1.1).
                pending.clear()
                return nil
            }
        }
    }

    /// Call when the input has ended.
    ///
    /// - Throws: ``MultipartFault/cutOff`` unless the closing delimiter was read.
    func finish() throws(MultipartFault) {
        guard case .closed = state else { throw .cutOff }
    }

    private mutating func skipPreamble() throws(MultipartFault) -> Bool {
        if let offset = pending.offset(of: delimiter) {
            pending.moveReaderIndex(forwardBy: offset + delimiter.count)
            state = .delimited
            return true
        }
        pending.moveReaderIndex(forwardBy: max(0, pending.readableBytes - delimiter.count + 1))
        return false
    }

    /// After a delimiter: `--` closes; white space and a line break start a part.
    private mutating func readDelimiterLine() throws(MultipartFault) -> Bool {
        let view = pending.readableBytesView
        guard view.count >= 2 else { return false }
        if view.starts(with: "--".utf8) {
            state = .closed
            return true
        }
        let rest = view.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard view.count - rest.count <= Self.headerLimit else { throw .brokenDelimiter }
        guard rest.count >= 2 else {
            guard rest.isEmpty || rest.first == UInt8(ascii: "\r") else { throw .brokenDelimiter }
            return false
        }
        guard rest.starts(with: "\r\n".utf8) else { throw .brokenDelimiter }
        pending.moveReaderIndex(forwardBy: view.count - rest.count + 2)
        state = .headers
        return true
    }

    /// Reads up to the empty line, but leaves that: it may be the line break of the delimiter of an empty part.
    private mutating func readHeaders() throws(MultipartFault) -> FormPart? {
        let lines: ByteBuffer
        if pending.readableBytesView.starts(with: "\r\n".utf8) {
            lines = ByteBuffer()
        } else if let end = pending.offset(of: Array("\r\n\r\n".utf8)), end + 4 <= Self.headerLimit {
            lines = pending.readSlice(length: end) ?? ByteBuffer()
            pending.moveReaderIndex(forwardBy: 2)
        } else {
            guard pending.readableBytes < Self.headerLimit else { throw .headersTooLarge }
            return nil
        }
        return try FormPart(headers: String(buffer: lines))
    }

    /// `content` without bytes when there is content to come, `ended` when the part is empty; `nil` while it can't be
    /// told.
    private mutating func startContent() -> Event? {
        let view = pending.readableBytesView
        guard view.count >= 2 else { return nil }
        if view.starts(with: delimiter) {
            pending.moveReaderIndex(forwardBy: delimiter.count)
            state = .delimited
            return .ended
        }
        if view.count < delimiter.count && delimiter.starts(with: view) { return nil }
        pending.moveReaderIndex(forwardBy: 2)
        state = .content
        return .content(ByteBuffer())
    }

    private mutating func readContent() -> Event? {
        if let offset = pending.offset(of: delimiter) {
            if offset > 0, let bytes = pending.readSlice(length: offset) { return .content(bytes) }
            pending.moveReaderIndex(forwardBy: delimiter.count)
            state = .delimited
            return .ended
        }
        let certain = pending.readableBytes - delimiter.count + 1
        guard certain > 0, let bytes = pending.readSlice(length: certain) else { return nil }
        return .content(bytes)
    }
}
