import NIOCore

/// One client's connection: reads requests one after the other, has each answered by a service or by the gateway, in
/// order, and never holds more of a body than what is on its way.
///
/// Both sides' bytes go through here without leaving the event loop. Reads are held back while the side that they go to
/// can't take more, so that TCP's own flow control reaches the sender.
final class ClientConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// Between requests, or within a head.
        case head
        /// A token's key is being looked for.
        case waitingForKeys
        case queued(Backend)
        case connecting
        /// A service has the request, or part of it.
        case exchange(UpstreamConnection)
        /// The connection is another protocol's now, and the service's.
        case tunnel(UpstreamConnection)
        /// The gateway makes up an answer of its own.
        case ownPage
        /// Between two others: nobody has the request any more, and its end is being written.
        case settling
        /// The answer has gone out; what is left of the request's body is read and dropped.
        case skippingBody
        /// No more answers; what still comes is dropped until the client hangs up.
        case lingering
        case closed
    }

    let loop: ProxyLoop
    var phase = Phase.head
    /// Where it stands in the loop's list.
    var slot: Int?
    var context: ChannelHandlerContext?
    var parser: RequestParser
    /// Read and not yet used.
    var inbound: ByteBuffer
    /// Written and not yet handed to the channel: an answer's head waits here for the beginning of its body.
    var outbound: ByteBuffer
    var exchange = Exchange()
    let isSecure: Bool
    private(set) var address = ClientAddress(nil)
    private(set) var isInputClosed = false
    private var wantsRead = false
    private var isAdvancing = false
    private var mustAdvance = false
    var deadline = NIODeadline.distantFuture

    /// - Parameter isSecure: whether it came by TLS.
    init(loop: ProxyLoop, isSecure: Bool = false) {
        self.loop = loop
        self.isSecure = isSecure
        parser = RequestParser(maximumHeadBytes: loop.configuration.clients.headBytes, kinds: loop.kinds)
        inbound = loop.emptyBuffer
        outbound = ByteBuffer()
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // After a handshake it already is.
        if context.channel.isActive { begin(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard slot == nil, case .head = phase else { return }
        address = ClientAddress(
            context.channel.remoteAddress, isSecure: isSecure, trusted: loop.configuration.clients.trustedProxies)
        deadline = .now() + loop.configuration.clients.headTime
        if !loop.add(self) {
            turnAway()
        } else if loop.isDraining {
            drain()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        abandon()
        loop.remove(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch phase {
        case .lingering, .closed: return
        default: break
        }
        var buffer = unwrapInboundIn(data)
        if inbound.readableBytes == 0 {
            inbound = buffer
        } else {
            inbound.discardReadBytes()
            inbound.writeBuffer(&buffer)
        }
        advance()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
        isInputClosed = true
        switch phase {
        case .lingering: close()
        default: advance()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        noteProgress()
        switch phase {
        case .exchange(let upstream), .tunnel(let upstream): upstream.resumeReads()
        default: break
        }
        advance()
    }

    /// Where back-pressure takes hold: what is not asked for stays in the kernel, then with the client.
    func read(context: ChannelHandlerContext) {
        if takesInput {
            context.read()
        } else {
            wantsRead = true
        }
    }

    func resumeReads() {
        guard wantsRead, takesInput else { return }
        wantsRead = false
        context?.read()
    }

    private var takesInput: Bool {
        switch phase {
        case .head: context?.channel.isWritable == true
        case .exchange(let upstream): exchange.body.hasEnded ? inbound.readableBytes == 0 : upstream.isWritable
        case .tunnel(let upstream): upstream.isWritable
        case .skippingBody, .lingering: true
        case .waitingForKeys, .queued, .connecting, .ownPage, .settling, .closed: inbound.readableBytes == 0
        }
    }

    // MARK: Progress

    /// Goes on with what has arrived, as far as it gets. When called from within itself, the outer call goes on.
    func advance() {
        mustAdvance = true
        guard !isAdvancing else { return }
        isAdvancing = true
        while mustAdvance {
            mustAdvance = false
            while step() {}
        }
        isAdvancing = false
        resumeReads()
    }

    /// - Returns: whether to go on with what has arrived.
    private func step() -> Bool {
        switch phase {
        case .head: readRequest()
        case .exchange(let upstream): forwardBody(to: upstream)
        case .tunnel(let upstream): forwardTunnel(to: upstream)
        case .skippingBody: skipBody()
        case .waitingForKeys, .queued, .connecting, .ownPage, .settling, .lingering, .closed: false
        }
    }

    /// Ready for the next request.
    func next() {
        phase = .head
        if outbound.capacity > Self.keptCapacity { outbound = loop.emptyBuffer }
        let idleTime = loop.isDraining ? Self.drainTime : loop.configuration.clients.idleTime
        deadline = .now() + (inbound.readableBytes > 0 ? loop.configuration.clients.headTime : idleTime)
    }

    /// The service has no more to do with the request.
    func settle() {
        phase = .settling
    }

    /// Lets go of whatever the current request holds.
    private func abandon() {
        let before = phase
        phase = .closed
        switch before {
        case .queued(let service): loop.cancel(self, waitingFor: service)
        case .exchange(let upstream), .tunnel(let upstream):
            upstream.close()
            loop.release(upstream, reusable: false)
        default: break
        }
        finishRecord(isComplete: false)
    }

    func close() {
        abandon()
        context?.close(promise: nil)
    }

    /// Ends the connection so that the client gets all that was written: closing with unread input would make the kernel
    /// reset it, and the answer be lost (RFC 9112 §9.6).
    func linger() {
        guard let context else { return }
        phase = .lingering
        inbound = loop.emptyBuffer
        deadline = .now() + Self.farewellTime
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let written = loop.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenSuccess { bound.value.shutOutput() }
        context.writeAndFlush(wrapOutboundOut(loop.emptyBuffer), promise: written)
        resumeReads()
    }

    private func shutOutput() {
        guard case .lingering = phase else { return }
        guard !isInputClosed else { return close() }
        deadline = .now() + loop.configuration.clients.lingerTime
        context?.close(mode: .output, promise: nil)
    }

    /// Over the limit of connections: told so, and cut soon.
    private func turnAway() {
        refuse(.tooManyConnections)
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        loop.eventLoop.assumeIsolated().scheduleTask(in: loop.configuration.clients.lingerTime) { bound.value.close() }
    }

    /// While the process goes down, a connection is closed after this time without a request, or in a tunnel without a byte.
    static let drainTime = TimeAmount.seconds(1)

    /// How long a client may take to read what was written before the end of its connection.
    private static let farewellTime = TimeAmount.seconds(60)

    /// An idle connection keeps no more than this to write with.
    private static let keptCapacity = 4096

    /// The process is going down.
    func drain() {
        switch phase {
        case .head where inbound.readableBytes == 0: deadline = min(deadline, .now() + Self.drainTime)
        case .tunnel: noteProgress()
        default: break
        }
    }
}
