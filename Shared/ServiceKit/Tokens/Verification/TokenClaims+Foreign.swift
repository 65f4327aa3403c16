import WireProtocol

extension TokenClaims {
    /// The claims of another issuer (RFC 7519 §4.1) in our terms.
    ///
    /// It must say whose its token is by a UUID, from when and how long it is good, that it is for us, and a role that
    /// the issuer may give. Without a session's UUID all of a user's tokens are of one session.
    ///
    /// - Parameter now: seconds since 1970.
    init?(_ claims: [String: JSONValue], of issuer: TrustedIssuer, roles: ForeignRoles, now: Int) {
        guard claims["aud"]?.names(issuer.audience) == true, let subject = claims["sub"]?.identifier,
            let role = roles.role(in: claims), let issuedAt = claims["iat"]?.seconds,
            let expiresAt = claims["exp"]?.seconds
        else { return nil }
        if let begins = claims["nbf"] {
            guard let begins = begins.seconds, begins <= now else { return nil }
        }
        self.init(
            issuer: issuer.name, audience: issuer.audience, subject: subject,
            sessionID: claims["sid"]?.identifier ?? subject, role: role, authenticationMethods: [],
            issuedAt: issuedAt, expiresAt: expiresAt, tokenID: claims["jti"]?.text ?? "")
    }
}

extension JSONValue {
    fileprivate var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    fileprivate var identifier: Identifier? { text.flatMap { Identifier($0) } }

    /// RFC 7519 §2, NumericDate: fractions are allowed.
    fileprivate var seconds: Int? {
        switch self {
        case .integer(let value): Int(value)
        case .number(let value): Int(exactly: value.rounded(.down))
        default: nil
        }
    }

    /// Whether it is this text, or a list with it.
    fileprivate func names(_ text: String) -> Bool {
        if case .array(let list) = self { list.contains(.string(text)) } else { self == .string(text) }
    }
}
