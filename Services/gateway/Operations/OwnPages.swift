import Logging
import NIOCore
import WireProtocol

/// The pages that the gateway answers itself.
struct OwnPages: Sendable {
    let health: HealthReport
    let logger: Logger

    func answer(_ page: OwnPage, for user: VerifiedToken?) async -> OwnAnswer {
        do {
            switch page {
            case .health: return try await health(for: user)
            }
        } catch {
            logger.error("page can't be made", metadata: ["page": "\(page)", "error": "\(error)"])
            return OwnAnswer(status: 503, fields: "retry-after: 1\r\n", body: ByteBuffer())
        }
    }

    private func health(for user: VerifiedToken?) async throws -> OwnAnswer {
        let report = try await health.make(showsAddresses: user?.claims.role == .admin)
        return OwnAnswer(
            status: report.status == .down ? 503 : 200,
            fields: "content-type: application/json\r\ncache-control: no-store\r\n",
            body: ByteBuffer(bytes: try WireJSON.encode(report)))
    }
}
