import CLibPQ

/// COPY, step by step, each of which waits for the socket: so that no more than a chunk is held in memory.
extension Engine {
    private static let chunkSize = 65_536

    /// The server has agreed to a COPY. `false` when nobody wants that.
    func beginCopy(_ phase: Connection.Copy.Phase, _ connection: Connection) -> Bool {
        let request = connection.state.operations.first?.request
        switch (request?.work, phase) {
        case (.copyIn, .writing):
            connection.copy = Connection.Copy(phase: .writing)
        case (.copyOut, .reading):
            connection.copy = Connection.Copy(phase: .reading)
            watch(connection, reads: false, writes: connection.writes)
        default:
            let message = "COPY must go through copyIn (FROM STDIN) or copyOut (TO STDOUT)"
            connection.keep(.failure(PostgresServerError(sqlState: .featureNotSupported, message: message)))
            refuse(phase, message, connection)
            return false
        }
        request?.succeed(.done)
        return true
    }

    private func refuse(_ phase: Connection.Copy.Phase, _ message: String, _ connection: Connection) {
        if phase == .writing {
            endWriting(connection, failure: message)
        } else {
            connection.copy = Connection.Copy(phase: .discarding)
            continueCopy(connection)
        }
    }

    func submit(_ step: Request.CopyStep, _ request: Request, _ connection: Connection) {
        guard let copy = connection.copy, copy.step == nil else {
            return request.fail(PostgresError.connection("no COPY is under way"))
        }
        request.place = .copying(slot: connection.slot)
        connection.copy?.step = request
        switch step {
        case .write(let bytes): write(bytes, connection)
        case .end:
            connection.copy?.phase = .ending
            endWriting(connection, failure: nil)
        case .read:
            watch(connection, reads: true, writes: connection.writes)
            continueCopy(connection)
        }
    }

    /// Goes on with what has been read from the socket.
    func continueCopy(_ connection: Connection) {
        guard let copy = connection.copy else { return }
        switch copy.phase {
        case .writing: break  // the server's answer, even an error, is told at the end
        case .reading: if copy.step != nil { readRows(connection) }
        case .discarding: discardRows(connection)
        case .ending:
            let isWanted = copy.step != nil || connection.state.operations.first?.isAbandoned == true
            if isWanted { receivePlain(connection) }
        }
    }

    /// libpq has handed all to the socket, so the next chunk may come.
    func flushedCopy(_ connection: Connection) {
        guard let copy = connection.copy, let step = copy.step, case .copyStep(.write(let bytes)) = step.work else {
            return
        }
        if copy.isTaken {
            connection.copy?.step = nil
            step.succeed(.done)
        } else {
            write(bytes, connection)
        }
    }

    private func write(_ bytes: [UInt8], _ connection: Connection) {
        connection.hasUnflushed = true
        switch connection.session.writeCopy(bytes) {
        case .taken: connection.copy?.isTaken = true
        case .waitsForSocket: connection.copy?.isTaken = false
        case .failed: lose(connection, connection.session.errorMessage)
        }
    }

    private func endWriting(_ connection: Connection, failure: String?) {
        connection.hasUnflushed = true
        if connection.session.endCopy(failure: failure) != .taken { lose(connection, connection.session.errorMessage) }
    }

    private func readRows(_ connection: Connection) {
        var chunk: [UInt8] = []
        let outcome = connection.session.readCopy(into: &chunk, limit: Self.chunkSize)
        if outcome == .failed { return lose(connection, connection.session.errorMessage) }
        if outcome == .end { connection.copy?.phase = .ending }
        if !chunk.isEmpty {
            let step = connection.copy?.step
            connection.copy?.step = nil
            watch(connection, reads: false, writes: connection.writes)
            step?.succeed(.chunk(chunk))
        } else if outcome == .end {
            receivePlain(connection)
        }
    }

    private func discardRows(_ connection: Connection) {
        var outcome = Session.CopyRead.more
        while outcome == .more {
            var chunk: [UInt8] = []
            outcome = connection.session.readCopy(into: &chunk, limit: Self.chunkSize)
        }
        switch outcome {
        case .end:
            connection.copy = nil
            receivePlain(connection)
        case .failed: lose(connection, connection.session.errorMessage)
        case .more, .waitsForSocket: break
        }
    }

    /// Its holder does not go on with it: the server discards what it got, and what it sends is dropped.
    func abandonCopy(_ connection: Connection) {
        guard let copy = connection.copy else { return }
        connection.copy?.step = nil
        connection.state.abandon { _ in true }
        switch copy.phase {
        case .writing:
            connection.copy?.phase = .ending
            endWriting(connection, failure: "the client gave up")
        case .reading:
            connection.copy?.phase = .discarding
            watch(connection, reads: true, writes: connection.writes)
            discardRows(connection)
        case .ending:
            watch(connection, reads: true, writes: connection.writes)
            continueCopy(connection)
        case .discarding: break
        }
        settle(connection)
    }

    func abandonCopy(of lease: LeaseID) {
        guard let connection = connections[lease.slot], connection.lease == lease else { return }
        abandonCopy(connection)
    }
}
