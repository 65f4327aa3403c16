import CLibPQ
import Glibc
import Logging

/// The end of one attempt to connect.
struct Dialled: Sendable {
    enum Purpose: Sendable {
        case pool(slot: Int)
        case listener
    }

    let purpose: Purpose
    let outcome: Result<Session, PostgresError>
}

/// Opens sessions, each on a thread of its own: name resolution, TLS and SCRAM block or take milliseconds of CPU, which
/// would hold up every statement if the engine did them.
struct Dialler: Sendable {
    let options: PostgresOptions
    let logger: Logger

    func dial(_ purpose: Dialled.Purpose, to mailbox: Mailbox) {
        let isStarted = DetachedThread.start("pg-dial") {
            let outcome = Result { try open() }.mapError { $0 as? PostgresError ?? .connection("\($0)") }
            // When the engine has stopped meanwhile, the session closes as it goes out of scope.
            _ = mailbox.post(.dialled(Dialled(purpose: purpose, outcome: outcome)))
        }
        if !isStarted {
            let outcome = Result<Session, PostgresError>.failure(.connection("the system has no thread left"))
            _ = mailbox.post(.dialled(Dialled(purpose: purpose, outcome: outcome)))
        }
    }

    private func open() throws -> Session {
        let deadline = MonotonicTime.now.advanced(by: options.connectTimeout)
        let session = try start()
        var step = PGRES_POLLING_WRITING
        while step != PGRES_POLLING_OK {
            if step == PGRES_POLLING_FAILED || PQstatus(session.connection) == CONNECTION_BAD {
                throw PostgresError.connection(session.errorMessage)
            }
            try wait(for: step == PGRES_POLLING_READING ? POLLIN : POLLOUT, on: session, until: deadline)
            step = PQconnectPoll(session.connection)
        }
        guard PQsetnonblocking(session.connection, 1) == 0 else {
            throw PostgresError.connection(session.errorMessage)
        }
        // Compiling a statement takes up to a second, and our statements are short.
        try run("SET jit TO off", on: session, until: deadline)
        if let schema = options.schema {
            try run("SET search_path TO " + .identifier(schema) + ", public", on: session, until: deadline)
        }
        return session
    }

    private func start() throws -> Session {
        // libpq's own message would quote the URL, with the password.
        guard let parsed = PQconninfoParse(options.url, nil) else {
            throw PostgresError.connection("the URL of the database is not one that libpq understands")
        }
        PQconninfoFree(parsed)
        let settings = [
            ("dbname", options.url), ("client_encoding", "UTF8"),
            ("fallback_application_name", options.applicationName),
        ]
        var keywords = settings.map { strdup($0.0) as UnsafeMutablePointer<CChar>? } + [nil]
        var values = settings.map { strdup($0.1) as UnsafeMutablePointer<CChar>? } + [nil]
        defer {
            for text in keywords + values { free(text) }
        }
        let connection = keywords.withUnsafeMutableBufferPointer { keywords in
            values.withUnsafeMutableBufferPointer { values in
                keywords.withMemoryRebound(to: UnsafePointer<CChar>?.self) { keywords in
                    values.withMemoryRebound(to: UnsafePointer<CChar>?.self) { values in
                        PQconnectStartParams(keywords.baseAddress, values.baseAddress, 1)
                    }
                }
            }
        }
        guard let connection else { throw PostgresError.connection("out of memory") }
        return Session(connection, logger: logger)
    }

    private func run(_ sql: SQL, on session: Session, until deadline: MonotonicTime) throws {
        guard session.send(sql.text) else { throw PostgresError.connection(session.errorMessage) }
        while session.flush() == .waitsForSocket { try wait(for: POLLOUT, on: session, until: deadline) }
        while true {
            while session.isBusy {
                try wait(for: POLLIN, on: session, until: deadline)
                guard session.consumeInput() else { throw PostgresError.connection(session.errorMessage) }
            }
            guard let result = session.nextResult() else { return }
            defer { PQclear(result) }
            if PQresultStatus(result) == PGRES_FATAL_ERROR {
                throw PostgresError.server(PostgresServerError(result: result))
            }
        }
    }

    private func wait(for event: Int32, on session: Session, until deadline: MonotonicTime) throws {
        var descriptor = pollfd(fd: session.socket, events: Int16(event), revents: 0)
        let left = deadline.millisecondsLeft(from: .now)
        guard left != 0, poll(&descriptor, 1, left) != 0 else {
            throw PostgresError.connection("the server did not answer within \(options.connectTimeout)")
        }
    }
}
