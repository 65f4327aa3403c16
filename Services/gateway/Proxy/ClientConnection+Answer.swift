import NIOCore

extension ClientConnection {
    /// A body's piece up to this size is copied behind what waits to be written, instead of being written apart.
    private static var copyLimit: Int { 8 << 10 }
    /// What is left of a refused body up to this size is read and dropped to keep the connection.
    private static var skipLimit: Int { 64 << 10 }

    // MARK: The service's answer

    /// 102, 103: told to clients that know such answers. 100 is the gateway's own affair.
    func interimAnswer(_ head: ResponseHead, fields: [HeaderField], of bytes: UnsafeRawBufferPointer) {
        guard exchange.isHTTP11, head.status != 100 else { return }
        writeHead(head, fields: fields, of: bytes)
        flush()
        noteProgress()
    }

    func beginAnswer(_ head: ResponseHead, fields: [HeaderField], of bytes: UnsafeRawBufferPointer) {
        exchange.status = head.status
        exchange.keepsConnection = mayKeepConnection
        let coding = coding(of: head, in: bytes)
        if coding == .gzip { exchange.gzip = loop.takeGzip() }
        switch head.framing {
        case .none, .length: exchange.isAnswerChunked = exchange.gzip != nil
        case .chunked, .untilClose:
            exchange.isAnswerChunked = exchange.isHTTP11
            if !exchange.isHTTP11 { exchange.keepsConnection = false }
        }
        writeHead(head, fields: fields, of: bytes, coding: coding == .gzip && exchange.gzip == nil ? .either : coding)
    }

    private func coding(of head: ResponseHead, in bytes: UnsafeRawBufferPointer) -> ContentCoding {
        if head.status == 304, exchange.hasOwnTags { return .gzipUnchanged }
        guard loop.configuration.compresses, head.isCompressible(bytes) else { return .service }
        return exchange.acceptsGzip ? .gzip : .either
    }

    func answerContent(_ piece: ByteBuffer) {
        if exchange.gzip != nil { compress(piece, flush: .no) } else { write(piece) }
    }

    private func compress(_ piece: ByteBuffer, flush: GzipStream.Flush) {
        var compressed = loop.emptyBuffer
        exchange.gzip?.compress(piece, flush: flush, into: &compressed)
        if compressed.readableBytes > 0 { write(compressed) }
    }

    private func write(_ piece: ByteBuffer) {
        var piece = piece
        if exchange.isAnswerChunked { outbound.writeChunkSize(piece.readableBytes) }
        if piece.readableBytes <= Self.copyLimit {
            outbound.writeBuffer(&piece)
        } else {
            writeOutbound()
            context?.write(wrapOutboundOut(piece), promise: nil)
        }
        if exchange.isAnswerChunked { outbound.writeStaticString("\r\n") }
    }

    /// What the service has sent so far has been handed over.
    func answerPaused() {
        if exchange.gzip != nil { compress(loop.emptyBuffer, flush: .sync) }
        flush()
        noteProgress()
        guard case .exchange(let upstream) = phase, context?.channel.isWritable == false else { return }
        upstream.holdReads()
    }

    /// - Parameter trailers: of a chunked answer. What the gateway compresses goes without: they may tell of the bytes.
    func answerEnded(trailers: ByteBuffer?) {
        var trailers = trailers
        if let gzip = exchange.gzip {
            compress(loop.emptyBuffer, flush: .end)
            trailers = nil
            exchange.gzip = nil
            loop.giveBack(gzip)
        }
        if exchange.isAnswerChunked { outbound.writeLastChunk(trailers, loop.trailerSection) }
        finishAnswer()
    }

    /// The service's connection is of no more use, and the answer not whole. The caller has let go of it.
    func upstreamFailed(_ upstream: UpstreamConnection, _ failure: UpstreamFailure) {
        settle()
        // A kept connection that the service closes says nothing of the service.
        let isStale = failure == .closed && upstream.isReused && !upstream.hasAnswerBegun
        if !isStale { loop.failed(by: upstream) }
        loop.release(upstream, reusable: false)
        if upstream.hasAnswerBegun {
            // Only a cut connection tells the client that this is not all.
            finishRecord(isComplete: false)
            close()
        } else if mayTryAgain {
            loop.retry(
                self, to: upstream.service, after: upstream.endpoint, mayStay: isStale,
                or: .badAnswer(upstream.service))
        } else {
            loop.gaveUp(on: upstream.service)
            refuse(.badAnswer(upstream.service))
        }
        advance()
    }

    /// Whether the request may be sent once more, after one that brought no answer.
    var mayTryAgain: Bool { exchange.isRepeatable && exchange.tries < Self.maximumTries }

    /// The connection that owes this client an answer of which nothing has come.
    var waitsFor: UpstreamConnection? {
        if case .exchange(let upstream) = phase, !upstream.hasAnswerBegun { upstream } else { nil }
    }

    /// The endpoint has the request and can't serve: another one may. Without another, this one is waited for.
    func tryElsewhere(than upstream: UpstreamConnection) {
        guard mayTryAgain, loop.hasAlternative(to: upstream, for: self) else { return }
        settle()
        upstream.close()
        loop.release(upstream, reusable: false)
        loop.retry(
            self, to: upstream.service, after: upstream.endpoint, mayStay: false, or: .serviceDown(upstream.service))
        advance()
    }

    // MARK: The gateway's own answers

    /// Answers with a problem in place of the service. Nothing must have been written yet.
    func refuse(_ refusal: Refusal) {
        if refusal.endsConnection { exchange.isPersistent = false }
        loop.metrics.count(refusal)
        let requestID = exchange.isOpen ? exchange.requestID : ""
        answer(
            OwnAnswer(
                status: refusal.status, detail: refusal.detail, fields: refusal.fields,
                requestID: requestID.isEmpty ? loop.rewriter.newRequestID() : requestID))
    }

    /// The same while a service already has a part of the request.
    func refuseMidway(_ refusal: Refusal) {
        guard case .exchange(let upstream) = phase else { return }
        settle()
        let hasAnswerBegun = upstream.hasAnswerBegun
        upstream.close()
        loop.release(upstream, reusable: false)
        guard !hasAnswerBegun else {
            finishRecord(isComplete: false)
            return close()
        }
        exchange.isPersistent = false
        refuse(refusal)
    }

    func show(_ page: OwnPage) {
        phase = .ownPage
        let pages = loop.pages
        let user = exchange.user
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        loop.eventLoop.makeFutureWithTask { await pages.answer(page, for: user) }
            .whenSuccess { answer in
                guard case .ownPage = bound.value.phase else { return }
                if let answer {
                    bound.value.answer(answer)
                } else {
                    bound.value.refuse(.pageUnavailable)
                }
                bound.value.advance()
            }
    }

    func answer(_ answer: OwnAnswer) {
        exchange.status = answer.status
        exchange.keepsConnection = mayKeepConnection
        exchange.isAnswerChunked = false
        outbound.writeString("HTTP/1.1 \(answer.status) \(OwnAnswer.reason(answer.status))\r\n")
        outbound.writeBytes(loop.dateField)
        outbound.writeString(answer.fields)
        outbound.writeImmutableBuffer(exchange.ownFields)
        outbound.writeStaticString(HeadRewriter.guardingFields)
        if answer.status != 204 { outbound.writeString("content-length: \(answer.body.readableBytes)\r\n") }
        outbound.writeString("x-request-id: \(answer.requestID ?? exchange.requestID)")
        outbound.writeStaticString(connectionOption.line)
        outbound.writeStaticString("\r\n")
        if exchange.method != .head { outbound.writeImmutableBuffer(answer.body) }
        finishAnswer()
    }

    // MARK: Both

    /// The answer is whole: what comes next on this connection?
    private func finishAnswer() {
        settle()
        finishRecord(isComplete: true)
        flush()
        guard case .settling = phase else { return }
        if !exchange.keepsConnection {
            linger()
        } else if exchange.body.hasEnded {
            next()
        } else {
            phase = .skippingBody
            deadline = .now() + loop.configuration.clients.bodyTime
        }
        advance()
    }

    /// With a body that is not all here, only if the rest is small and will come.
    private var mayKeepConnection: Bool {
        guard exchange.isPersistent, !loop.isDraining else { return false }
        guard !isInputClosed || inbound.readableBytes > 0 else { return false }
        if exchange.body.hasEnded { return true }
        guard !exchange.awaitsContinue, let remaining = exchange.body.remaining else { return false }
        return remaining <= Self.skipLimit
    }

    private var connectionOption: ConnectionOption {
        guard exchange.keepsConnection else { return .closed }
        return exchange.isHTTP11 ? .kept : .keptForOldClient
    }

    func writeHead(
        _ head: ResponseHead, fields: [HeaderField], of bytes: UnsafeRawBufferPointer, coding: ContentCoding = .service
    ) {
        exchange.request.withUnsafeReadableBytes { request in
            loop.rewriter.write(
                head, fields: fields, of: bytes, requestID: request.slice(exchange.record.requestID),
                isChunked: exchange.isAnswerChunked, connection: connectionOption, date: loop.dateField,
                ownFields: exchange.ownFields, coding: coding, into: &outbound)
        }
    }

    private func writeOutbound() {
        guard outbound.readableBytes > 0 else { return }
        context?.write(wrapOutboundOut(outbound), promise: nil)
        outbound.clear()
    }

    func flush() {
        guard outbound.readableBytes > 0 else {
            context?.flush()
            return
        }
        context?.writeAndFlush(wrapOutboundOut(outbound), promise: nil)
        // Written whole in most cases, and then this storage is nobody else's and used again.
        outbound.clear()
    }

    /// Ends the request's entry in the access log and the counts.
    func finishRecord(isComplete: Bool) {
        guard exchange.isOpen else { return }
        exchange.gzip = nil
        exchange.isOpen = false
        let duration = NIODeadline.now() - exchange.began
        loop.metrics.count(exchange.service, status: exchange.status, duration: duration)
        loop.sample(exchange, duration: duration)
        loop.log.record(
            exchange, client: (exchange.client ?? address).text, isComplete: isComplete, duration: duration,
            percent: loop.configuration.accessLogPercent)
    }
}
