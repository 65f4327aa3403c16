import Logging
import NIOCore

/// One line per request. No token and no query ever gets in: a query may hold a signature or an address.
struct AccessLog: Sendable {
    let logger: Logger

    /// - Parameter percent: the share of requests that are logged. Answers of 500 and above always are.
    func record(_ exchange: Exchange, client: String, isComplete: Bool, duration: TimeAmount, percent: Int) {
        guard exchange.status >= 500 || (percent > 0 && (percent >= 100 || .random(in: 0..<100) < percent)) else {
            return
        }
        var metadata: Logger.Metadata = [
            "method": "\(exchange.method.name)", "path": "\(exchange.path)",
            "status": .stringConvertible(exchange.status),
            "duration_ms": .stringConvertible(Double(duration.nanoseconds / 1000) / 1000),
            "request_id": "\(exchange.requestID)",
            "client": "\(client)",
        ]
        if let service = exchange.service { metadata["service"] = "\(service.name)" }
        if let user = exchange.user { metadata["user_id"] = "\(user.userID)" }
        if !isComplete { metadata["cut_off"] = .stringConvertible(true) }
        logger.info("request", metadata: metadata)
    }
}
