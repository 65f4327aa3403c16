import CLibPQ

/// Statements in pipeline mode, each followed by a sync, so that each is a transaction of its own.
extension Engine {
    func run(_ request: Request, _ slot: Int) {
        guard let connection = connections[slot] else { return }
        if connection.lease == nil { deallocateStale(connection) }
        send(request, on: connection)
    }

    func send(_ request: Request, on connection: Connection, isRetry: Bool = false) {
        guard case .statement(let sql, let parameters) = request.work else { return }
        request.place = .inFlight(slot: connection.slot)
        let session = connection.session
        let entry = connection.state.sendStatement(request, sql: sql.text, isRetry: isRetry)
        connection.hasUnflushed = true
        guard !entry.isNew || session.prepare(entry.name, sql.text),
            session.execute(entry.name, parameters, scratch: scratch), session.sync()
        else {
            lose(connection, session.errorMessage)
            return
        }
    }

    /// Frees prepared statements that made room for others.
    private func deallocateStale(_ connection: Connection) {
        for name in connection.state.statements.takeStale() {
            send(.housekeeping, "DEALLOCATE \(name)", for: nil, on: connection)
        }
    }

    /// A statement of the engine's own.
    func send(_ kind: ConnectionState<Request>.Kind, _ sql: String, for request: Request?, on connection: Connection) {
        connection.state.send(kind, for: request)
        pool.sent(connection.slot, now: now)
        connection.hasUnflushed = true
        guard connection.session.send(sql), connection.session.sync() else {
            lose(connection, connection.session.errorMessage)
            return
        }
    }

    func receivePipelined(_ connection: Connection) {
        let session = connection.session
        var gaps = 0
        while !session.isBusy, !connection.state.isIdle {
            guard let result = session.nextResult() else {
                // One nil separates the answers to two statements.
                gaps += 1
                if gaps > 1 { return lose(connection, "the server's answers are out of step") }
                continue
            }
            gaps = 0
            receive(result, connection)
            guard connections[connection.slot] === connection else { return }
        }
    }

    private func receive(_ result: OpaquePointer, _ connection: Connection) {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            let answer = PostgresResult(result)
            apply(connection.state.received(.result), .success(answer), connection)
        case PGRES_FATAL_ERROR:
            let error = PostgresServerError(result: result)
            PQclear(result)
            if error.sqlState.endsConnection { return lose(connection, error.message) }
            apply(
                connection.state.received(.failure(error.sqlState, routine: error.routine)), .failure(error), connection
            )
        case PGRES_PIPELINE_ABORTED:
            PQclear(result)
            apply(connection.state.received(.skipped), nil, connection)
        case PGRES_PIPELINE_SYNC:
            PQclear(result)
            let inTransaction = connection.session.isInTransaction
            apply(connection.state.received(.sync(inTransaction: inTransaction)), nil, connection)
        default:
            PQclear(result)
            lose(connection, "COPY must go through copyIn or copyOut")
        }
    }

    private func apply(
        _ effect: ConnectionState<Request>.Effect, _ answer: Result<PostgresResult, PostgresServerError>?,
        _ connection: Connection
    ) {
        switch effect {
        case .keep:
            if let answer { connection.keep(answer) }
        case .drop: break
        case .outOfStep: lose(connection, "the server's answers are out of step")
        case .retry(let operation):
            connection.answer = nil
            if let request = operation.request { send(request, on: connection, isRetry: true) }
        case .finish(let operation):
            pool.answered(connection.slot, now: now)
            finish(operation, connection.takeAnswer(), connection)
        }
    }

    private func finish(
        _ operation: ConnectionState<Request>.Operation, _ answer: Result<PostgresResult, PostgresServerError>?,
        _ connection: Connection
    ) {
        if let request = operation.request {
            switch answer {
            case _ where operation.kind == .rollback: ended(request, connection)
            case .success(let result): request.succeed(.rows(result))
            case .failure(let error): request.fail(PostgresError.server(error))
            case nil: request.fail(PostgresError.connection("the server gave no answer"))
            }
        }
        settle(connection)
    }
}
