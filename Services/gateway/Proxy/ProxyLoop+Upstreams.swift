import NIOCore
import NIOPosix

/// Carries out what the pools decide.
extension ProxyLoop {
    func admit(_ client: ClientConnection, to service: Backend) {
        let decision = pools[service.rawValue].admit(client, now: .now(), using: &random)
        carryOut(decision, for: client, service)
    }

    /// Another try after `release`.
    ///
    /// - Parameters:
    ///   - mayStay: whether the endpoint that failed may be asked again where there is no other.
    ///   - refusal: what the client is told when there can be no other try.
    func retry(
        _ client: ClientConnection, to service: Backend, after failed: EndpointID, mayStay: Bool, or refusal: Refusal
    ) {
        client.exchange.failed.append(failed)
        let decision = pools[service.rawValue].retry(
            now: .now(), after: client.exchange.failed, mayStay: mayStay, using: &random)
        if case .refused = decision {
            gaveUp(on: service)
            return client.refuse(refusal)
        }
        metrics.countRetry()
        carryOut(decision, for: client, service)
    }

    /// An endpoint's answer has begun.
    func answered(by connection: UpstreamConnection, status: UInt16, after time: TimeAmount) {
        let now = NIODeadline.now()
        pools[connection.service.rawValue].answered(connection.endpoint, status: status, after: time, now: now)
        pools[connection.service.rawValue].ended(answered: true, now: now)
    }

    /// An endpoint gave no answer, or none that can be read.
    func failed(by connection: UpstreamConnection) {
        pools[connection.service.rawValue].failed(connection.endpoint, now: .now())
    }

    /// A request comes to nothing for the service's sake.
    func gaveUp(on service: Backend) {
        pools[service.rawValue].ended(answered: false, now: .now())
    }

    func hasAlternative(to connection: UpstreamConnection, for client: ClientConnection) -> Bool {
        pools[connection.service.rawValue].hasAlternative(
            to: client.exchange.failed + [connection.endpoint], now: .now())
    }

    func cancel(_ client: ClientConnection, waitingFor service: Backend) {
        pools[service.rawValue].cancel(client)
    }

    /// A request has ended on this connection.
    func release(_ connection: UpstreamConnection, reusable: Bool) {
        let kept = pools[connection.service.rawValue].release(
            connection.endpoint, connection: reusable ? connection : nil, now: .now())
        if kept {
            connection.isReused = true
        } else {
            connection.close()
        }
        startWaiters(for: connection.service)
    }

    func lost(_ connection: UpstreamConnection) {
        pools[connection.service.rawValue].lost(connection, of: connection.endpoint)
    }

    func startWaiters(for service: Backend) {
        while let waiter = pools[service.rawValue].nextWaiter() {
            let decision = pools[service.rawValue].assign(now: .now(), using: &random)
            carryOut(decision, for: waiter, service)
        }
    }

    private func carryOut(
        _ decision: ServicePool<UpstreamConnection, ClientConnection>.Decision, for client: ClientConnection,
        _ service: Backend
    ) {
        switch decision {
        case .reuse(let connection, _): client.start(on: connection)
        case .connect(let endpoint, let address): connect(service, endpoint, address, for: client)
        case .queued: client.phase = .queued(service)
        case .refused(.full): client.refuse(.serviceFull(service))
        case .refused(.noEndpoint), .refused(.noRetryLeft): client.refuse(.serviceDown(service))
        case .refused(.circuitOpen): client.refuse(.circuitOpen(service))
        }
    }

    private func connect(_ service: Backend, _ id: EndpointID, _ address: SocketAddress, for client: ClientConnection) {
        client.phase = .connecting
        let connection = UpstreamConnection(loop: self, service: service, endpoint: id)
        let bound = NIOLoopBound(connection, eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .connectTimeout(limits(of: service).connectTime)
            .channelOption(.writeBufferWaterMark, value: .init(low: 32 << 10, high: 64 << 10))
            .channelOption(.recvAllocator, value: ProxyLoop.receiveBuffers)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            .connect(to: address)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success: self.connected(connection, for: client)
                case .failure: self.connectFailed(service, id, for: client)
                }
            }
    }

    private func connected(_ connection: UpstreamConnection, for client: ClientConnection) {
        pools[connection.service.rawValue].connectSucceeded(connection.endpoint)
        if client.isConnecting {
            client.start(on: connection)
        } else {
            release(connection, reusable: connection.isOpen)
        }
    }

    private func connectFailed(_ service: Backend, _ id: EndpointID, for client: ClientConnection) {
        pools[service.rawValue].connectFailed(id, now: .now())
        _ = pools[service.rawValue].release(id, connection: nil, now: .now())
        if client.isConnecting { client.connectFailed(service, id) }
        startWaiters(for: service)
    }
}
