import NIOCore
import NIOHTTP2

/// Watches an HTTP/2 connection as a whole: closes it when it has had no stream for too long, and tells the client to go
/// elsewhere when the process goes down (RFC 9113 §6.8).
final class ConnectionDrain: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private let loop: ProxyLoop
    private var streams = 0
    private var lastStream = HTTP2StreamID.rootStream
    private var isLeaving = false
    private var idleTimer: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    init(loop: ProxyLoop) {
        self.loop = loop
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
        startIdleTimer(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        idleTimer?.cancel()
        loop.remove(self)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let created = event as? NIOHTTP2StreamCreatedEvent {
            streams += 1
            lastStream = max(lastStream, created.streamID)
            idleTimer?.cancel()
        } else if event is StreamClosedEvent {
            streams -= 1
            if streams == 0 { isLeaving ? context.close(promise: nil) : startIdleTimer(context) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// No new streams; the connection closes with the last one that runs.
    func drain() {
        guard let context, !isLeaving else { return }
        isLeaving = true
        let frame = HTTP2Frame(
            streamID: .rootStream,
            payload: .goAway(lastStreamID: lastStream, errorCode: .noError, opaqueData: nil))
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
        if streams == 0 { context.close(promise: nil) }
    }

    private func startIdleTimer(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        idleTimer = context.eventLoop.scheduleTask(in: loop.configuration.clients.idleTime) { bound.value.drain() }
    }
}
