import NIOCore

extension ClientConnection {
    /// Bytes have moved on one side or the other.
    func noteProgress() {
        guard case .exchange(let upstream) = phase else { return }
        let limits = loop.limits
        let time =
            upstream.hasAnswerBegun
            ? limits.streamTime : exchange.body.hasEnded ? limits.answerTime : limits.bodyTime
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
                refuseMidway(.answerTimeout(upstream.service))
            }
        case .waitingForKeys: refuse(.tokenUnjudgeable)
        case .queued, .connecting, .ownPage, .settling: deadline = .now() + loop.limits.answerTime
        case .head: linger()
        case .skippingBody, .lingering, .closed: close()
        }
    }
}
