import NIOCore
import ServiceKit

extension ClientConnection {
    /// What becomes of a request whose head is known.
    enum Next {
        /// A browser asks leave for a call from another origin's page.
        case grant
        case needsMore
        case forward(Backend)
        case page(OwnPage)
        case waitForKeys(of: TrustedIssuer)
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
        case .waitForKeys(let issuer): loop.waitForKeys(self, of: issuer)
        case .refuse(let refusal): refuse(refusal)
        }
        return true
    }

    /// Notes what the head says and decides what becomes of the request.
    private func begin(_ head: RequestHead, of bytes: UnsafeRawBufferPointer) -> Next {
        exchange.request.clear()
        exchange.client = address.isTrustedProxy ? client(behind: head, of: bytes) : nil
        let upgrade = permittedUpgrade(head, of: bytes)
        exchange.mayUpgrade = upgrade != nil
        exchange.record = loop.rewriter.write(
            head, fields: parser.reader.fields, of: bytes, from: exchange.client ?? address, upgrade: upgrade,
            into: &exchange.request)
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
        if !exchange.failed.isEmpty { exchange.failed = [] }
        exchange.status = 0
        exchange.isOpen = true
        deadline = .now() + loop.configuration.clients.bodyTime
        parser.reset()
        if !loop.configuration.crossOrigin.origins.isEmpty, noteOrigin(of: head, in: bytes) { return .grant }
        let destination = loop.configuration.routes.destination(of: bytes.slice(head.path))
        return access(head, of: bytes, to: destination)
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

    static var maximumTries: Int { 4 }
}
