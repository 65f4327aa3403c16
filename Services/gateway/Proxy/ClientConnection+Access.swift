import NIOCore

/// Who may make which calls, and how many.
extension ClientConnection {
    func access(
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
            let limits = loop.limits(of: service)
            exchange.bodyLimit = limits.bodyBytes
            if limits.headBytes > 0, head.length > limits.headBytes { return .refuse(.malformed(.headTooLarge)) }
        }
        if let token = head.authorization.flatMap({ bytes.slice($0).bearerToken }) {
            switch loop.judge.judge(token, now: loop.unixTime) {
            case .valid(let user): exchange.user = user
            // Who guesses at tokens is counted too.
            case .invalid: return .refuse(charge(rate) ?? .tokenInvalid)
            case .unknownKey(let issuer), .noKeys(let issuer):
                exchange.token = Array(token)
                phase = .waitingForKeys
                return .waitForKeys(of: issuer)
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

    func client(behind head: RequestHead, of bytes: UnsafeRawBufferPointer) -> ClientAddress? {
        guard let list = head.forwardedFor else { return nil }
        return address.client(
            behind: String(decoding: bytes.slice(list), as: UTF8.self),
            scheme: head.forwardedProto.map { String(decoding: bytes.slice($0), as: UTF8.self) },
            trusted: loop.configuration.clients.trustedProxies)
    }

    /// The keys of its token's issuer have been looked at anew.
    ///
    /// - Parameter isReached: whether the issuer answered; otherwise a key that is not known may well be good.
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
