import WireProtocol

/// What was noted.
protocol AuditLog: Sendable {
    /// The newest first; one more than `limit`.
    func records(_ filter: AuditFilter, limit: Int, before id: Int?) async throws -> [AuditRecord]
    /// Those with higher numbers, in their order.
    func records(_ filter: AuditFilter, after id: Int, limit: Int) async throws -> [AuditRecord]
    func count(_ filter: AuditFilter) async throws -> Int
}

struct AuditFilter: Sendable {
    var actor: Identifier?
    var target: Identifier?
    var action: AuditAction?
}
