import Logging
import NIOCore
import WireProtocol

/// The pages that the gateway answers itself.
struct OwnPages: Sendable {
    let health: HealthReport
    let contract: ContractPages
    /// `nil`: the contract is shown as a page without scripts.
    let swagger: SwaggerUI?
    let logger: Logger

    var hasAssets: Bool { swagger != nil }

    /// `nil` when it can't be made just now.
    func answer(_ page: OwnPage, for user: VerifiedToken?) async -> OwnAnswer? {
        do {
            switch page {
            case .health: return try await health(for: user)
            case .openAPI:
                return OwnAnswer(
                    status: 200, fields: "content-type: application/json\r\n", body: try await contract.asJSON())
            case .documentationAsset(let asset): return swagger?.asset(asset)
            case .documentation:
                if let swagger { return swagger.page }
                return OwnAnswer(
                    status: 200,
                    fields: "content-type: text/html; charset=utf-8\r\n"
                        + "content-security-policy: \(ContractDocument.contentSecurityPolicy)\r\n",
                    body: try await contract.asHTML())
            }
        } catch {
            logger.error("page can't be made", metadata: ["page": "\(page)", "error": "\(error)"])
            return nil
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
