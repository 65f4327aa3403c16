import WireProtocol

/// What makes access tokens good or bad.
protocol TokenStateStore: Sendable {
    /// Those with which a living token may be signed; makes the first one.
    func signingKeys() async throws -> [SigningKey]
    func revocations() async throws -> [Revocation]
}
