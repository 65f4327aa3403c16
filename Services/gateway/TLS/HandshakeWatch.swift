import NIOCore
import NIOTLS

/// Counts a connection while its TLS handshake is under way, when nobody else knows of it, and cuts it when that takes too
/// long.
final class HandshakeWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let loop: ProxyLoop
    private var timer: Scheduled<Void>?

    init(_ loop: ProxyLoop) {
        self.loop = loop
    }

    func channelActive(context: ChannelHandlerContext) {
        loop.handshakes += 1
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: loop.configuration.clients.headTime) {
            bound.value.close(promise: nil)
        }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event { end() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        guard let timer else { return }
        timer.cancel()
        self.timer = nil
        loop.handshakes -= 1
    }
}
