import NIOCore

/// One connection to a service: idle in the pool, or carrying one request and its answer for a client of the same event
/// loop.
final class UpstreamConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case idle
        case awaitingHead
        case readingBody
        /// What it carries is not HTTP any more.
        case tunnel
        case closed
    }

    let service: Backend
    let endpoint: EndpointID
    private let loop: ProxyLoop
    private var parser: ResponseParser
    private var context: ChannelHandlerContext?
    private var state = State.idle
    private var body = BodyDecoder(.none)
    private var client: ClientConnection?
    private var method = Method.get
    private var inbound: ByteBuffer
    /// Whether it has been idle in the pool, so that the service may be closing it just now for its age.
    var isReused = false
    private(set) var hasAnswerBegun = false
    /// Since when the service has had the whole request.
    private var waitsSince = NIODeadline.distantPast
    private var isPersistent = true
    private var holdsReads = false
    private var wantsRead = false

    init(loop: ProxyLoop, service: Backend, endpoint: EndpointID) {
        self.loop = loop
        self.service = service
        self.endpoint = endpoint
        parser = ResponseParser(maximumHeadBytes: 64 << 10, kinds: loop.kinds)
        inbound = loop.emptyBuffer
    }

    // MARK: For the client's side

    var isOpen: Bool { context?.channel.isActive == true }
    var isWritable: Bool { context?.channel.isWritable == true }

    func begin(for client: ClientConnection, method: Method) {
        self.client = client
        self.method = method
        hasAnswerBegun = false
        waitsSince = .now()
        state = .awaitingHead
    }

    func hasWholeRequest() {
        waitsSince = .now()
    }

    func write(_ buffer: ByteBuffer) {
        context?.write(wrapOutboundOut(buffer), promise: nil)
    }

    func flush() {
        context?.flush()
    }

    func holdReads() {
        holdsReads = true
    }

    func resumeReads() {
        holdsReads = false
        guard wantsRead else { return }
        wantsRead = false
        context?.read()
    }

    /// The client has no more to say.
    func closeOutput() {
        context?.close(mode: .output, promise: nil)
    }

    /// Gives up the request that it carries, without a word to the client.
    func close() {
        client = nil
        state = .closed
        context?.close(promise: nil)
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        client = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        switch state {
        case .idle:
            // Nobody asked: what follows could be taken for the answer to the next request.
            state = .closed
            loop.lost(self)
            context.close(promise: nil)
        case .closed: break
        case .awaitingHead, .readingBody, .tunnel:
            if inbound.readableBytes == 0 {
                inbound = buffer
            } else {
                inbound.writeBuffer(&buffer)
            }
            advance()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let before = state
        state = .closed
        guard let client else {
            if case .idle = before { loop.lost(self) }
            return
        }
        self.client = nil
        switch before {
        case .readingBody where body.endsWithConnection:
            client.settle()
            loop.release(self, reusable: false)
            client.answerEnded(trailers: nil)
        case .tunnel:
            client.settle()
            loop.release(self, reusable: false)
            client.tunnelEnded()
        default: client.upstreamFailed(self, .closed)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { client?.upstreamBecameWritable() }
    }

    func read(context: ChannelHandlerContext) {
        if holdsReads {
            wantsRead = true
        } else {
            context.read()
        }
    }

    // MARK: The answer

    private func advance() {
        while let client {
            switch state {
            case .idle, .closed: return
            case .awaitingHead:
                guard readHead(for: client) else { return }
            case .readingBody:
                let step: BodyDecoder.Step
                do {
                    step = try body.next(&inbound)
                } catch {
                    return fail(client)
                }
                switch step {
                case .content(let piece): client.answerContent(piece)
                case .needsMore: return client.answerPaused()
                case .end: return end(for: client)
                }
            case .tunnel:
                let piece = inbound
                inbound = loop.emptyBuffer
                if piece.readableBytes > 0 { client.tunnelContent(piece, from: self) }
                return
            }
        }
    }

    /// - Returns: whether to go on.
    private func readHead(for client: ClientConnection) -> Bool {
        var isPassedOn = false
        do {
            let head = try inbound.withUnsafeReadableBytes { (bytes) throws(MessageFault) -> ResponseHead? in
                guard let head = try parser.parse(bytes, method: method) else { return nil }
                guard head.status != 101 || client.exchange.mayUpgrade else { throw .startLine }
                if head.status == 503, client.mayTryAgain, loop.hasAlternative(to: self, for: client) {
                    isPassedOn = true
                } else if head.status == 101 {
                    client.beginTunnel(head, fields: parser.reader.fields, of: bytes, over: self)
                } else if head.isInterim {
                    client.interimAnswer(head, fields: parser.reader.fields, of: bytes)
                } else {
                    client.beginAnswer(head, fields: parser.reader.fields, of: bytes)
                }
                return head
            }
            guard let head else { return false }
            parser.reset()
            if !head.isInterim || head.status == 101 {
                loop.answered(by: self, status: head.status, after: .now() - waitsSince)
            }
            if isPassedOn {
                client.tryElsewhere(than: self)
                return false
            }
            inbound.moveReaderIndex(forwardBy: head.length)
            if head.status == 101 {
                hasAnswerBegun = true
                state = .tunnel
                // What the client has sent since.
                client.advance()
                return true
            }
            guard !head.isInterim else { return true }
            hasAnswerBegun = true
            isPersistent = head.isPersistent
            body = BodyDecoder(head.framing)
            state = .readingBody
            return true
        } catch {
            fail(client)
            return false
        }
    }

    private func end(for client: ClientConnection) {
        self.client = nil
        let trailers = body.trailers
        let isReusable = isPersistent && inbound.readableBytes == 0 && client.hasSentRequest && isOpen
        inbound = loop.emptyBuffer
        holdsReads = false
        client.settle()
        state = isReusable ? .idle : .closed
        loop.release(self, reusable: isReusable)
        if wantsRead { resumeReads() }
        client.answerEnded(trailers: trailers)
    }

    private func fail(_ client: ClientConnection) {
        close()
        client.upstreamFailed(self, .badAnswer)
    }
}

/// Why a service's connection did not bring an answer to its end.
enum UpstreamFailure {
    case closed
    case badAnswer
}
