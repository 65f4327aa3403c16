import NIOCore

extension ClientConnection {
    /// Between looks at what other deadlines end: a place in a queue, an attempt to connect, a page being made.
    private static var ownTime: TimeAmount { .seconds(60) }

    /// Bytes have moved on one side or the other.
    func noteProgress() {
        guard case .exchange(let upstream) = phase else { return }
        let limits = loop.limits(of: upstream.service)
        let time =
            upstream.hasAnswerBegun
            ? limits.streamTime : exchange.body.hasEnded ? limits.answerTime : loop.configuration.clients.bodyTime
        deadline = .now() + time
    }

    func deadlinePassed() {
        deadline = .distantFuture
        switch phase {
        case .head where inbound.readableBytes > 0:
            exchange = Exchange()
            exchange.isOpen = true
            refuse(.requestTimeout)
        case .exchange(let upstream):
            if !exchange.body.hasEnded, upstream.isWritable {
                refuseMidway(.requestTimeout)
            } else {
                loop.failed(by: upstream)
                if !upstream.hasAnswerBegun { loop.gaveUp(on: upstream.service) }
                refuseMidway(.answerTimeout(upstream.service))
            }
        case .waitingForKeys: refuse(.tokenUnjudgeable)
        case .queued, .connecting, .ownPage, .settling: deadline = .now() + Self.ownTime
        case .head: linger()
        case .skippingBody, .lingering, .closed: close()
        }
    }
}
