import NIOCore

/// Carries out what ``BoltSession`` decides on one channel: encodes requests, gathers their answers, and closes the
/// channel when the server breaks the rules or falls silent.
final class BoltChannelHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = BoltExchange
    typealias OutboundOut = ByteBuffer

    /// Bytes that the answers to one exchange may have: what one batch of records may take in memory.
    static let maximumAnswer = 256 << 20

    private var session: BoltSession
    private var dechunker = BoltDechunker()
    private var answerTimeout: Duration
    private var exchanges: CircularBuffer<Progress> = []
    private var silence: Scheduled<Void>?

    private struct Progress {
        let exchange: BoltExchange
        var answers: [BoltAnswer] = []
        var current = BoltAnswer()
        var bytes = 0
        var failure: BoltServerError?
        var answered = 0

        var isComplete: Bool { answered == exchange.requests.count }
    }

    init(version: BoltVersion, answerTimeout: Duration) {
        session = BoltSession(version: version)
        self.answerTimeout = answerTimeout
    }

    // MARK: Out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        do {
            var bytes = ByteBuffer()
            for request in exchange.requests { bytes.writeChunks(try request.encoded()) }
            try send(exchange, context)
            context.write(wrapOutboundOut(bytes), promise: promise)
            restartSilence(context)
        } catch {
            exchange.answers.fail(error)
            promise?.fail(error)
        }
    }

    /// What the session refuses halfway has spoilt it.
    private func send(_ exchange: BoltExchange, _ context: ChannelHandlerContext) throws(BoltError) {
        do {
            for request in exchange.requests { try session.send(request) }
        } catch {
            fail(context, error)
            throw error
        }
        exchanges.append(Progress(exchange: exchange))
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        dechunker.append(&bytes)
        do {
            while let message = try dechunker.next() {
                try receive(BoltResponse(message), bytes: message.readableBytes)
            }
        } catch {
            return fail(context, error as? BoltError ?? .violation("\(error)"))
        }
        restartSilence(context)
    }

    private func receive(_ response: BoltResponse, bytes: Int) throws {
        let event = try session.receive(response)
        guard var progress = exchanges.popFirst() else { throw BoltError.violation("an answer to nothing") }
        progress.bytes += bytes
        guard progress.bytes <= Self.maximumAnswer else {
            throw BoltError.violation("records of more than \(Self.maximumAnswer) bytes at a time")
        }
        switch event {
        case .record(let values): progress.current.records.append(values)
        case .success(let metadata):
            progress.current.metadata = metadata
            progress.answers.append(progress.current)
            progress.current = BoltAnswer()
            progress.answered += 1
            heed(metadata)
        case .failure(let error):
            progress.failure = progress.failure ?? error
            progress.answered += 1
        case .ignored: progress.answered += 1
        }
        guard progress.isComplete else { return exchanges.prepend(progress) }
        if let failure = progress.failure {
            progress.exchange.answers.fail(BoltError.server(failure))
        } else if progress.answers.count < progress.answered {
            progress.exchange.answers.fail(BoltError.violation("requests were ignored after no failure"))
        } else {
            progress.exchange.answers.succeed(progress.answers)
        }
    }

    /// The server may say in answer to HELLO how long it is silent at most.
    private func heed(_ metadata: BoltMap) {
        guard case .map(let hints)? = metadata["hints"],
            case .integer(let seconds)? = hints["connection.recv_timeout_seconds"], seconds > 0
        else { return }
        answerTimeout = min(answerTimeout, .seconds(seconds))
    }

    // MARK: End

    private func restartSilence(_ context: ChannelHandlerContext) {
        silence?.cancel()
        silence = nil
        guard session.awaitsAnswers else { return }
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.value.eventLoop)
        silence = context.value.eventLoop.scheduleTask(in: TimeAmount(answerTimeout)) {
            handler.value.fail(context.value, .connection("the server is silent"))
        }
    }

    private func fail(_ context: ChannelHandlerContext, _ error: BoltError) {
        failAll(error)
        context.close(promise: nil)
    }

    private func failAll(_ error: BoltError) {
        silence?.cancel()
        silence = nil
        while let progress = exchanges.popFirst() { progress.exchange.answers.fail(error) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(context, .connection("\(error)"))
    }

    func channelInactive(context: ChannelHandlerContext) {
        failAll(.connection("the server closed it"))
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        failAll(.connection("closed"))
    }
}
