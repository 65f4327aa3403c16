import Logging

/// How connections come and go.
extension Engine {
    func opened(_ dialled: Dialled) {
        switch (dialled.purpose, dialled.outcome) {
        case (.listener, let outcome): listenerOpened(outcome)
        case (.pool(let slot), .success(let session)): opened(session, slot)
        case (.pool(let slot), .failure(let error)):
            pool.failedToOpen(slot, now: now, jitter: .random(in: 0...1))
            lastDialFailure = error
            logger.warning(
                "could not connect to PostgreSQL",
                metadata: ["error": "\(error)", "attempts": "\(pool.backoff.failures)"])
        }
    }

    private func opened(_ session: Session, _ slot: Int) {
        guard session.enterPipeline() else {
            opened(Dialled(purpose: .pool(slot: slot), outcome: .failure(.connection(session.errorMessage))))
            return
        }
        serials += 1
        connections[slot] = Connection(
            slot: slot, serial: serials, session: session, statementCapacity: Self.statementCapacity)
        poller.add(session.socket, token: Token.firstSlot + slot)
        pool.opened(slot)
    }

    /// The connection is gone or can't be trusted: everything on it fails.
    func lose(_ connection: Connection, _ reason: String) {
        guard connections[connection.slot] === connection else { return }
        logger.warning("lost a connection to PostgreSQL", metadata: ["error": "\(reason)"])
        close(connection, .connection(reason))
    }

    func close(_ connection: Connection, _ error: PostgresError) {
        poller.remove(connection.session.socket)
        connections[connection.slot] = nil
        pool.closed(connection.slot)
        turnsAgain = true
        let waiting = connection.state.operations.compactMap(\.request) + connection.pending
        for request in waiting + [connection.copy?.step].compactMap(\.self) {
            if case .release = request.work { request.succeed(.done) } else { request.fail(error) }
        }
    }

    func read(_ connection: Connection) {
        // Under TLS one read may leave part of a record behind that epoll does not know of; two can't.
        for _ in 0..<(connection.session.usesTLS ? 2 : 1) {
            guard connections[connection.slot] === connection else { return }
            guard connection.session.consumeInput() else {
                receive(connection)  // what the server said before it went
                lose(connection, connection.session.errorMessage)
                return
            }
            receive(connection)
        }
    }

    /// Takes what has been read.
    func receive(_ connection: Connection) {
        if connection.copy != nil {
            continueCopy(connection)
        } else if connection.state.operations.first?.kind == .plain {
            receivePlain(connection)
        } else {
            receivePipelined(connection)
        }
    }

    /// Sends what libpq has not sent yet; tells epoll what to wait for.
    func flush() {
        for connection in connections {
            if let connection { flush(connection) }
        }
    }

    private func flush(_ connection: Connection) {
        while connection.hasUnflushed {
            connection.hasUnflushed = false
            switch connection.session.flush() {
            case .done:
                watch(connection, reads: connection.reads, writes: false)
                flushedCopy(connection)
            case .waitsForSocket: watch(connection, reads: connection.reads, writes: true)
            case .failed: lose(connection, connection.session.errorMessage)
            }
        }
    }

    func watch(_ connection: Connection, reads: Bool, writes: Bool) {
        guard reads != connection.reads || writes != connection.writes else { return }
        connection.reads = reads
        connection.writes = writes
        poller.change(
            connection.session.socket, token: Token.firstSlot + connection.slot, reads: reads, writes: writes)
    }
}
