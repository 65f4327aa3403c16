public import WireProtocol

/// Who is shut out although the token has not expired.
public struct Revocations: Sendable, Equatable {
    private var sessions: [Identifier: Int] = [:]
    private var users: [Identifier: Int] = [:]

    public init(_ list: RevocationList = RevocationList(revocations: [])) {
        for revocation in list.revocations {
            switch revocation.scope {
            case .session: sessions[revocation.id] = max(sessions[revocation.id] ?? .min, revocation.issuedUntil)
            case .user: users[revocation.id] = max(users[revocation.id] ?? .min, revocation.issuedUntil)
            }
        }
    }

    public func cover(_ claims: TokenClaims) -> Bool {
        claims.issuedAt <= sessions[claims.sessionID] ?? .min || claims.issuedAt <= users[claims.subject] ?? .min
    }
}
