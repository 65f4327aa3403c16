import CLibPQ

/// Scripts and COPY, which pipeline mode does not have: the leased connection leaves it for their duration.
extension Engine {
    func sendPlain(_ request: Request, _ connection: Connection, _ send: (Session) -> Bool) {
        connection.state.send(.plain, for: request)
        pool.sent(connection.slot, now: now)
        connection.hasUnflushed = true
        guard connection.session.exitPipeline(), send(connection.session) else {
            lose(connection, connection.session.errorMessage)
            return
        }
    }

    func receivePlain(_ connection: Connection) {
        let session = connection.session
        while !session.isBusy {
            guard let result = session.nextResult() else { return finishPlain(connection) }
            switch PQresultStatus(result) {
            case PGRES_COPY_IN:
                PQclear(result)
                guard beginCopy(.writing, connection) else { continue }
                return
            case PGRES_COPY_OUT:
                PQclear(result)
                _ = beginCopy(.reading, connection)
                return
            case PGRES_FATAL_ERROR:
                let error = PostgresServerError(result: result)
                PQclear(result)
                if error.sqlState.endsConnection { return lose(connection, error.message) }
                connection.keep(.failure(error))
            default:
                connection.keep(.success(PostgresResult(result)))
            }
        }
    }

    private func finishPlain(_ connection: Connection) {
        guard let operation = connection.state.finishPlain(), connection.session.enterPipeline() else {
            lose(connection, connection.session.errorMessage)
            return
        }
        pool.answered(connection.slot, now: now)
        let waiting = connection.copy?.step ?? operation.request
        connection.copy = nil
        watch(connection, reads: true, writes: connection.writes)
        switch connection.takeAnswer() {
        case .success(let result): waiting?.succeed(.rows(result))
        case .failure(let error): waiting?.fail(PostgresError.server(error))
        case nil: waiting?.fail(PostgresError.connection("the server gave no answer"))
        }
        settle(connection)
    }
}
