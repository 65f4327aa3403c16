import NIOCore
import NIOHPACK
import NIOHTTP2

/// Lets one HTTP/2 stream be served as a connection that carries one HTTP/1.1 request: frames come in as that protocol's
/// bytes, and its bytes go out as frames. Flow control and back-pressure are the stream channel's own.
final class StreamTranslator: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum Answer {
        case head
        case body(BodyDecoder)
        case ended
    }

    private var isChunked: Bool?
    private var method = Method.get
    private var answer = Answer.head
    private var parser: ResponseParser
    private var pending = ByteBuffer()

    init(kinds: FieldKindTable) {
        parser = ResponseParser(maximumHeadBytes: 128 << 10, kinds: kinds)
    }

    // MARK: The request

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let headers): read(headers, context)
        case .data(let data): read(data, context)
        default: break
        }
    }

    private func read(_ frame: HTTP2Frame.FramePayload.Headers, _ context: ChannelHandlerContext) {
        guard isChunked == nil else {
            guard let trailers = RequestText.trailers(frame.headers) else { return reset(context) }
            return endRequest(context, trailers)
        }
        guard let text = RequestText(frame.headers, endsStream: frame.endStream) else { return reset(context) }
        isChunked = text.isChunked
        if frame.headers.first(name: ":method") == "HEAD" { method = .head }
        context.fireChannelRead(wrapInboundOut(text.head))
    }

    private func read(_ frame: HTTP2Frame.FramePayload.Data, _ context: ChannelHandlerContext) {
        guard case .byteBuffer(var content) = frame.data else { return }
        if content.readableBytes > 0 {
            if isChunked == true {
                var chunk = context.channel.allocator.buffer(capacity: content.readableBytes + 16)
                chunk.writeChunkSize(content.readableBytes)
                chunk.writeBuffer(&content)
                chunk.writeStaticString("\r\n")
                content = chunk
            }
            context.fireChannelRead(wrapInboundOut(content))
        }
        if frame.endStream { endRequest(context) }
    }

    /// - Parameter trailers: whole lines; where the length was told before, HTTP/1.1 has no place for them.
    private func endRequest(_ context: ChannelHandlerContext, _ trailers: String = "") {
        guard isChunked == true else { return }
        context.fireChannelRead(wrapInboundOut(ByteBuffer(string: "0\r\n\(trailers)\r\n")))
    }

    /// RFC 9113 §8.1.1: a malformed request is a stream error.
    private func reset(_ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(.rstStream(.protocolError)), promise: nil)
        context.close(promise: nil)
    }

    // MARK: The answer

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var bytes = unwrapOutboundIn(data)
        if pending.readableBytes == 0 {
            pending = bytes
        } else {
            pending.discardReadBytes()
            pending.writeBuffer(&bytes)
        }
        do {
            while let frame = try next() { context.write(wrapOutboundOut(frame), promise: nil) }
            promise?.succeed()
        } catch {
            promise?.fail(error)
            reset(context)
        }
    }

    /// The end of an answer ends the stream already; there is no half to close beside that.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .output: promise?.succeed()
        case .input, .all: context.close(mode: mode, promise: promise)
        }
    }

    private func next() throws(MessageFault) -> HTTP2Frame.FramePayload? {
        switch answer {
        case .head: return try nextHead()
        case .body(var body):
            let step = try body.next(&pending)
            answer = .body(body)
            switch step {
            case .needsMore: return nil
            case .content(let piece): return .data(.init(data: .byteBuffer(piece)))
            case .end:
                answer = .ended
                if let trailers = body.trailers {
                    return .headers(.init(headers: Self.fields(trailers), endStream: true))
                }
                return .data(.init(data: .byteBuffer(ByteBuffer()), endStream: true))
            }
        case .ended: return nil
        }
    }

    /// - Parameter lines: whole and valid.
    private static func fields(_ lines: ByteBuffer) -> HPACKHeaders {
        var headers = HPACKHeaders()
        for line in String(buffer: lines).split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            headers.add(name: parts[0].lowercased(), value: String(parts[1].drop { $0 == " " || $0 == "\t" }))
        }
        return headers
    }

    private func nextHead() throws(MessageFault) -> HTTP2Frame.FramePayload? {
        var headers = HPACKHeaders()
        let head = try pending.withUnsafeReadableBytes { (bytes) throws(MessageFault) -> ResponseHead? in
            guard let head = try parser.parse(bytes, method: method) else { return nil }
            headers.add(name: ":status", value: "\(head.status)")
            for field in parser.reader.fields {
                switch field.kind {
                case .connection, .transferEncoding, .hopByHop, .upgrade: continue
                default:
                    headers.add(
                        name: String(decoding: bytes.slice(field.name), as: UTF8.self).lowercased(),
                        value: String(decoding: bytes.slice(field.value), as: UTF8.self))
                }
            }
            return head
        }
        guard let head else { return nil }
        parser.reset()
        pending.moveReaderIndex(forwardBy: head.length)
        guard !head.isInterim else { return .headers(.init(headers: headers)) }
        let hasContent = head.framing != .none
        answer = hasContent ? .body(BodyDecoder(head.framing)) : .ended
        return .headers(.init(headers: headers, endStream: !hasContent))
    }
}
