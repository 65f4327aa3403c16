import CLibPQ
import Glibc
import Logging

/// One session with the server: every call to libpq on a `PGconn` goes through here. Non-blocking once dialled.
///
/// `@unchecked Sendable` is safe: the dialling thread hands it over to the engine and forgets it, so that only one thread
/// at a time uses it.
final class Session: @unchecked Sendable {
    enum Flush { case done, waitsForSocket, failed }

    let connection: OpaquePointer
    private let notices: NoticeSink

    /// Takes over a connection, open or not yet.
    init(_ connection: OpaquePointer, logger: Logger) {
        self.connection = connection
        notices = NoticeSink(logger)
        notices.attach(to: connection)
    }

    deinit {
        PQfinish(connection)
    }

    var usesTLS: Bool { PQsslInUse(connection) != 0 }
    var socket: CInt { PQsocket(connection) }
    var isInTransaction: Bool { PQtransactionStatus(connection) != PQTRANS_IDLE }

    /// One line, without a secret: libpq never quotes the password.
    var errorMessage: String {
        PQerrorMessage(connection).map { String(cString: $0).onOneLine } ?? ""
    }

    // MARK: Sending

    func enterPipeline() -> Bool { PQenterPipelineMode(connection) == 1 }
    func exitPipeline() -> Bool { PQexitPipelineMode(connection) == 1 }
    func sync() -> Bool { PQpipelineSync(connection) == 1 }

    func prepare(_ name: String, _ sql: String) -> Bool {
        PQsendPrepare(connection, name, sql, 0, nil) == 1
    }

    /// Asks for a binary result.
    func execute(_ name: String, _ parameters: EncodedParameters, scratch: ParameterScratch) -> Bool {
        scratch.withPointers(to: parameters) { values, lengths, formats in
            PQsendQueryPrepared(connection, name, Int32(parameters.fields.count), values, lengths, formats, 1) == 1
        }
    }

    /// One statement without parameters, by the extended protocol; text result.
    func send(_ sql: String) -> Bool {
        PQsendQueryParams(connection, sql, 0, nil, nil, nil, nil, 0) == 1
    }

    /// Any number of statements, by the simple protocol; not in pipeline mode.
    func sendScript(_ sql: String) -> Bool {
        PQsendQuery(connection, sql) == 1
    }

    func flush() -> Flush {
        switch PQflush(connection) {
        case 0: .done
        case 1: .waitsForSocket
        default: .failed
        }
    }

    // MARK: Receiving

    /// Reads what the socket has. `false` when the connection is lost.
    func consumeInput() -> Bool { PQconsumeInput(connection) == 1 }

    /// Whether `nextResult` would block.
    var isBusy: Bool { PQisBusy(connection) == 1 }

    func nextResult() -> OpaquePointer? { PQgetResult(connection) }

    func nextNotification() -> (channel: String, payload: String)? {
        guard let notification = PQnotifies(connection) else { return nil }
        defer { PQfreemem(notification) }
        return (String(cString: notification.pointee.relname), String(cString: notification.pointee.extra))
    }
}
