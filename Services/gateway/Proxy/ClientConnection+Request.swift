import NIOCore

extension ClientConnection {
    private enum Next {
        /// A browser asks leave for a call from another origin's page.
        case grant
        case needsMore
        case forward(Backend)
        case page(OwnPage)
        case waitForKeys
        case refuse(Refusal)
    }

    /// Reads one request's head and sends the request on its way.
    ///
    /// - Returns: whether to go on with what has arrived.
    func readRequest() -> Bool {
        guard inbound.readableBytes > 0 else {
            if isInputClosed { linger() }
            return false
        }
        guard context?.channel.isWritable == true else { return false }
        let isFirstPiece = !parser.reader.isWithinHead
        var length = 0
        let next = inbound.withUnsafeReadableBytes { bytes in
            do throws(MessageFault) {
                guard let head = try parser.parse(bytes) else { return Next.needsMore }
                length = head.length
                return begin(head, of: bytes)
            } catch {
                exchange = Exchange()
                exchange.isOpen = true
                exchange.isPersistent = false
                return .refuse(.malformed(error))
            }
        }
        inbound.moveReaderIndex(forwardBy: length)
        switch next {
        case .needsMore:
            if isInputClosed {
                linger()
            } else if isFirstPiece {
                deadline = .now() + loop.configuration.clients.headTime
            }
            return false
        case .forward(let service): loop.admit(self, to: service)
        case .page(let page): show(page)
        case .grant: grantCrossOrigin()
        case .waitForKeys: loop.waitForKeys(self)
        case .refuse(let refusal): refuse(refusal)
        }
        return true
    }

    /// Notes what the head says and decides what becomes of the request.
    private func begin(_ head: RequestHead, of bytes: UnsafeRawBufferPointer) -> Next {
        exchange.request.clear()
        exchange.client = address.isTrustedProxy ? client(behind: head, of: bytes) : nil
        exchange.record = loop.rewriter.write(
            head, fields: parser.reader.fields, of: bytes, from: exchange.client ?? address, into: &exchange.request)
        if exchange.ownFields.readableBytes > 0 { exchange.ownFields.clear() }
        if isSecure { exchange.ownFields.writeString(loop.strictField) }
        exchange.began = .now()
        exchange.method = head.method
        exchange.service = nil
        exchange.body = BodyDecoder(head.framing)
        exchange.isBodyChunked = head.framing == .chunked
        exchange.bodyBytes = 0
        exchange.isHTTP11 = head.isHTTP11
        exchange.isPersistent = head.isPersistent
        exchange.awaitsContinue = head.expectsContinue
        exchange.acceptsGzip =
            loop.configuration.compresses && head.isHTTP11
            && head.acceptEncoding.map { Compressibility.accepts(bytes.slice($0)) } ?? false
        exchange.hasOwnTags = head.hasOwnTags
        exchange.user = nil
        exchange.tries = 0
        exchange.status = 0
        exchange.isOpen = true
        deadline = .now() + loop.configuration.clients.bodyTime
        parser.reset()
        if !loop.configuration.crossOrigin.origins.isEmpty, noteOrigin(of: head, in: bytes) { return .grant }
        let destination = loop.configuration.routes.destination(of: bytes.slice(head.path))
        return access(head, of: bytes, to: destination)
    }

    private func access(
        _ head: RequestHead, of bytes: UnsafeRawBufferPointer, to destination: Destination
    ) -> Next {
        let (access, rate) = loop.configuration.access.rule(head.method, bytes.slice(head.path))
        switch destination {
        case .nowhere: return .refuse(.unknownPath)
        case .own(.documentationAsset) where !loop.pages.hasAssets: return .refuse(.unknownPath)
        case .own where head.method != .get && head.method != .head: return .refuse(.wrongMethod)
        case .own: break
        case .service(let service):
            exchange.service = service
            exchange.bodyLimit = loop.limits(of: service).bodyBytes
        }
        if let token = head.authorization.flatMap({ bytes.slice($0).bearerToken }) {
            switch loop.judge.judge(token, now: loop.unixTime) {
            case .valid(let user): exchange.user = user
            // Who guesses at tokens is counted too.
            case .invalid: return .refuse(charge(rate) ?? .tokenInvalid)
            case .unknownKey, .noKeys:
                exchange.token = Array(token)
                phase = .waitingForKeys
                return .waitForKeys
            }
        } else if access != .anyone {
            return .refuse(.tokenMissing)
        }
        return admitted(to: destination, for: access, rate)
    }

    private func admitted(to destination: Destination, for access: Access, _ rate: RateClass) -> Next {
        if let refusal = charge(rate) { return .refuse(refusal) }
        if case .role(let least) = access, exchange.user.map({ $0.claims.role < least }) ?? true {
            return .refuse(.roleMissing)
        }
        switch destination {
        case .nowhere: return .refuse(.unknownPath)
        case .own(let page): return .page(page)
        case .service(let service):
            if let length = exchange.body.remaining, length > exchange.bodyLimit {
                return .refuse(.bodyTooLarge(limit: exchange.bodyLimit))
            }
            return .forward(service)
        }
    }

    /// Takes the call out of what its user, or its address, may make.
    private func charge(_ kind: RateClass) -> Refusal? {
        guard let rule = loop.configuration.rates[kind] else { return nil }
        let client = exchange.user?.key ?? (exchange.client ?? address).key
        let verdict = loop.rateLimiter.take(kind, of: client, rule, now: .now())
        exchange.ownFields.write(verdict, rule)
        return verdict.isAllowed ? nil : .rateExceeded(retryAfter: verdict.retryAfter)
    }

    private func client(behind head: RequestHead, of bytes: UnsafeRawBufferPointer) -> ClientAddress? {
        guard let list = head.forwardedFor else { return nil }
        return address.client(
            behind: String(decoding: bytes.slice(list), as: UTF8.self),
            scheme: head.forwardedProto.map { String(decoding: bytes.slice($0), as: UTF8.self) },
            trusted: loop.configuration.clients.trustedProxies)
    }

    /// Auth's keys have been looked at anew, for this request's token among others.
    func keysLookedUp(isReached: Bool) {
        guard case .waitingForKeys = phase else { return }
        let verdict = exchange.token.withUnsafeBytes { loop.judge.judge($0, now: loop.unixTime) }
        exchange.token = []
        switch verdict {
        case .valid(let user):
            exchange.user = user
            let (destination, rule) = exchange.request.withUnsafeReadableBytes { bytes in
                let path = bytes.slice(exchange.record.path)
                return (
                    loop.configuration.routes.destination(of: path),
                    loop.configuration.access.rule(exchange.method, path)
                )
            }
            switch admitted(to: destination, for: rule.access, rule.rate) {
            case .forward(let service): loop.admit(self, to: service)
            case .page(let page): show(page)
            case .refuse(let refusal): refuse(refusal)
            case .needsMore, .waitForKeys, .grant: break
            }
        case .invalid: refuse(.tokenInvalid)
        case .unknownKey where isReached: refuse(.tokenInvalid)
        case .unknownKey, .noKeys: refuse(.tokenUnjudgeable)
        }
        advance()
    }

    // MARK: On its way to the service

    var isConnecting: Bool {
        if case .connecting = phase { true } else { false }
    }

    var hasSentRequest: Bool { exchange.body.hasEnded }

    /// A connection is there: the head goes out.
    func start(on upstream: UpstreamConnection) {
        phase = .exchange(upstream)
        exchange.tries += 1
        exchange.uploadDeadline = .now() + loop.configuration.clients.bodyTime
        upstream.begin(for: self, method: exchange.method)
        upstream.write(exchange.request)
        if exchange.body.hasEnded {
            deadline = .now() + loop.limits(of: upstream.service).answerTime
            upstream.flush()
            return advance()
        }
        if exchange.awaitsContinue {
            exchange.awaitsContinue = false
            var buffer = loop.emptyBuffer
            buffer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
            context?.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        }
        advance()
    }

    /// No byte of the request has gone anywhere: another endpoint may have it.
    func connectFailed(_ service: Backend, _ endpoint: EndpointID) {
        exchange.tries += 1
        if exchange.tries < Self.maximumTries {
            loop.retry(self, to: service, after: endpoint, mayStay: false, or: .serviceDown(service))
        } else {
            loop.gaveUp(on: service)
            refuse(.serviceDown(service))
        }
        advance()
    }

    static var maximumTries: Int { 3 }

    /// - Returns: whether to go on with what has arrived.
    func forwardBody(to upstream: UpstreamConnection) -> Bool {
        guard !exchange.body.hasEnded else { return false }
        while true {
            let step: BodyDecoder.Step
            do {
                step = try exchange.body.next(&inbound)
            } catch {
                refuseMidway(.malformed(error))
                return true
            }
            switch step {
            case .content(let piece):
                exchange.bodyBytes += piece.readableBytes
                extendUpload(by: piece.readableBytes)
                guard exchange.bodyBytes <= exchange.bodyLimit else {
                    refuseMidway(.bodyTooLarge(limit: exchange.bodyLimit))
                    return true
                }
                write(piece, to: upstream)
            case .needsMore:
                upstream.flush()
                noteProgress()
                // The client is gone before its request was whole.
                if isInputClosed { close() }
                return false
            case .end:
                if exchange.isBodyChunked {
                    var end = loop.emptyBuffer
                    end.writeStaticString("0\r\n\r\n")
                    upstream.write(end)
                }
                upstream.flush()
                upstream.hasWholeRequest()
                noteProgress()
                return false
            }
        }
    }

    private func write(_ piece: ByteBuffer, to upstream: UpstreamConnection) {
        guard exchange.isBodyChunked else { return upstream.write(piece) }
        var size = loop.emptyBuffer
        size.writeChunkSize(piece.readableBytes)
        upstream.write(size)
        upstream.write(piece)
        var end = loop.emptyBuffer
        end.writeStaticString("\r\n")
        upstream.write(end)
    }

    func upstreamBecameWritable() {
        // It was not the client that was slow.
        exchange.uploadDeadline = .now() + loop.configuration.clients.bodyTime
        noteProgress()
        resumeReads()
    }

    /// - Returns: whether to go on with what has arrived.
    func skipBody() -> Bool {
        while true {
            do {
                switch try exchange.body.next(&inbound) {
                case .content: continue
                case .needsMore:
                    if isInputClosed { close() }
                    return false
                case .end:
                    next()
                    return true
                }
            } catch {
                linger()
                return false
            }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The token of `Bearer …` (RFC 6750 §2.1); `nil` for other schemes, which are the services' affair.
    fileprivate var bearerToken: UnsafeRawBufferPointer? {
        guard count >= 7, slice(0..<7).equalsIgnoringCase("bearer ") else {
            return equalsIgnoringCase("bearer") ? slice(count..<count) : nil
        }
        var start = 7
        while start < count, self[start].isBlank { start += 1 }
        return slice(start..<count)
    }
}

extension ByteBuffer {
    /// The fields of draft-ietf-httpapi-ratelimit-headers-07.
    fileprivate mutating func write(_ verdict: RateVerdict, _ rule: RateRule) {
        writeStaticString("ratelimit-limit: ")
        writeString(String(rule.requests))
        writeStaticString("\r\nratelimit-remaining: ")
        writeString(String(verdict.remaining))
        writeStaticString("\r\nratelimit-reset: ")
        writeString(String(verdict.reset))
        writeStaticString("\r\n")
    }
}
