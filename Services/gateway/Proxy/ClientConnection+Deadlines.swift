import NIOCore

extension ClientConnection {
    /// Between looks at what other deadlines end: a place in a queue, an attempt to connect, a page being made.
    private static var ownTime: TimeAmount { .seconds(60) }

    /// Bytes have moved on one side or the other.
    func noteProgress() {
        if case .tunnel(let upstream) = phase {
            let quietTime = loop.isDraining ? Self.drainTime : loop.limits(of: upstream.service).streamTime
            deadline = min(.now() + quietTime, loop.tunnelsEnd)
            return
        }
        guard case .exchange(let upstream) = phase else { return }
        let limits = loop.limits(of: upstream.service)
        if upstream.hasAnswerBegun {
            deadline = .now() + limits.streamTime
        } else if exchange.body.hasEnded {
            deadline = .now() + limits.answerTime
        } else {
            deadline = min(.now() + loop.configuration.clients.bodyTime, exchange.uploadDeadline)
        }
    }

    /// A piece of the body buys the time that it may take at the least rate, saved up to `bodyTime` at most.
    func extendUpload(by count: Int, to service: Backend) {
        let clients = loop.configuration.clients
        let rate = loop.limits(of: service).uploadRate
        guard rate > 0 else {
            exchange.uploadDeadline = .distantFuture
            return
        }
        let bought = TimeAmount.nanoseconds(Int64(count) * 1_000_000_000 / Int64(rate))
        exchange.uploadDeadline = min(exchange.uploadDeadline + bought, .now() + clients.bodyTime)
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
        case .tunnel(let upstream): endTunnel(over: upstream)
        case .skippingBody, .lingering, .closed: close()
        }
    }
}
