import NIOCore

/// Settles the version, then hands the connection over to a ``BoltChannelHandler`` for that version.
final class BoltHandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let outcome: EventLoopPromise<BoltVersion>
    private let makeHandler: @Sendable (BoltVersion) -> BoltChannelHandler
    private var answer = ByteBuffer()

    /// - Parameter outcome: is fulfilled in any case, once the channel has been active.
    init(
        outcome: EventLoopPromise<BoltVersion>, makeHandler: @escaping @Sendable (BoltVersion) -> BoltChannelHandler
    ) {
        self.outcome = outcome
        self.makeHandler = makeHandler
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: BoltHandshake.proposal)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        answer.writeBuffer(&bytes)
        guard let first = answer.readBytes(length: BoltHandshake.answerLength) else { return }
        do {
            let version = try BoltHandshake.version(from: first)
            try context.pipeline.syncOperations.addHandler(makeHandler(version), position: .after(self))
            if answer.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(answer)) }
            outcome.succeed(version)
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        } catch {
            outcome.fail(error)
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        outcome.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        outcome.fail(BoltError.connection("closed during the handshake"))
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        outcome.fail(BoltError.connection("closed during the handshake"))
    }
}
