import NIOCore
import NIOHTTP2

/// Watches an HTTP/2 connection as a whole: lets it go when it has had no stream for too long, or when the process goes
/// down. The client is told twice (RFC 9113 §6.8): first that it should open no more streams, then, once what it had sent
/// by that time is here, which one is the last that is served. Any other it can ask for elsewhere.
final class ConnectionDrain: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private enum Phase {
        case serving
        /// Told for the first time; its answer to a ping says that nothing more is on its way.
        case leaving
        case closing
    }

    /// How long that answer may take.
    private static let noticeTime = TimeAmount.seconds(1)
    private static let ping = HTTP2PingData(withInteger: 0x6C65_6176_696E_6721)

    private let loop: ProxyLoop
    private var phase = Phase.serving
    private var streams = 0
    private var lastStream = HTTP2StreamID.rootStream
    private var timer: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    init(loop: ProxyLoop) {
        self.loop = loop
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
        startTimer(loop.configuration.clients.idleTime) { $0.drain() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        timer?.cancel()
        loop.remove(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .ping(Self.ping, ack: true) = unwrapInboundIn(data).payload { finish() }
    }

    fileprivate func streamOpened(_ id: HTTP2StreamID) {
        streams += 1
        lastStream = max(lastStream, id)
        if case .serving = phase { timer?.cancel() }
    }

    fileprivate func streamClosed() {
        streams -= 1
        if streams == 0 { noStreamLeft() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// The connection closes with the last stream that runs.
    func drain() {
        guard case .serving = phase else { return }
        phase = .leaving
        tell(lastStream: .maxID)
        context?.writeAndFlush(
            wrapOutboundOut(HTTP2Frame(streamID: .rootStream, payload: .ping(Self.ping, ack: false))), promise: nil)
        startTimer(Self.noticeTime) { $0.finish() }
    }

    func close() {
        context?.close(promise: nil)
    }

    private func finish() {
        guard case .leaving = phase else { return }
        phase = .closing
        timer?.cancel()
        if streams == 0 { noStreamLeft() } else { tell(lastStream: lastStream) }
    }

    private func noStreamLeft() {
        switch phase {
        case .serving: startTimer(loop.configuration.clients.idleTime) { $0.drain() }
        case .leaving: break
        case .closing:
            let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
            let written = loop.eventLoop.makePromise(of: Void.self)
            // It is the client that closes: closing with its frames unread would make the kernel drop what is on its way.
            written.futureResult.whenComplete { _ in
                bound.value.startTimer(bound.value.loop.configuration.clients.lingerTime) { $0.close() }
            }
            tell(lastStream: lastStream, written)
        }
    }

    private func tell(lastStream: HTTP2StreamID, _ written: EventLoopPromise<Void>? = nil) {
        guard let context else {
            written?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        let payload = HTTP2Frame.FramePayload.goAway(lastStreamID: lastStream, errorCode: .noError, opaqueData: nil)
        context.writeAndFlush(
            wrapOutboundOut(HTTP2Frame(streamID: .rootStream, payload: payload)), promise: written)
    }

    private func startTimer(_ time: TimeAmount, _ body: @escaping @Sendable (ConnectionDrain) -> Void) {
        timer?.cancel()
        guard context != nil else { return }
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        timer = loop.eventLoop.scheduleTask(in: time) { body(bound.value) }
    }
}

/// Tells a ``ConnectionDrain`` of its connection's streams, on the connection's event loop.
struct StreamEvents: NIOHTTP2StreamDelegate {
    private let drain: NIOLoopBound<ConnectionDrain>

    init(_ drain: ConnectionDrain, _ eventLoop: any EventLoop) {
        self.drain = NIOLoopBound(drain, eventLoop: eventLoop)
    }

    func streamCreated(_ id: HTTP2StreamID, channel: any Channel) {
        drain.value.streamOpened(id)
    }

    func streamClosed(_ id: HTTP2StreamID, channel: any Channel) {
        drain.value.streamClosed()
    }
}
