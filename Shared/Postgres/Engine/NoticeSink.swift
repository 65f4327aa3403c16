import CLibPQ
import Logging

/// Takes a session's notices, which libpq would print to standard error, to the log.
final class NoticeSink {
    private let logger: Logger

    init(_ logger: Logger) {
        self.logger = logger
    }

    /// Must outlive the connection.
    func attach(to connection: OpaquePointer) {
        let receiver: PQnoticeReceiver = { context, result in
            guard let context else { return }
            Unmanaged<NoticeSink>.fromOpaque(context).takeUnretainedValue().log(PostgresServerError(result: result))
        }
        PQsetNoticeReceiver(connection, receiver, Unmanaged.passUnretained(self).toOpaque())
    }

    private func log(_ notice: PostgresServerError) {
        // Class 01 are warnings; the rest is chatter, such as of IF NOT EXISTS.
        let level: Logger.Level = notice.sqlState.rawValue.hasPrefix("01") ? .warning : .debug
        logger.log(
            level: level, "PostgreSQL says: \(notice.message)", metadata: ["sqlstate": "\(notice.sqlState.rawValue)"])
    }
}
