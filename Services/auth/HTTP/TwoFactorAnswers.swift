import FoundationEssentials
import Hummingbird
import ServiceKit
import WireProtocol

/// A new authenticator, told this once.
struct AuthenticatorAnswer: Encodable {
    /// Base32, for typing.
    var secret: String
    /// For a QR code.
    var url: String

    init(_ authenticator: Authenticator, account: String, issuer: String) {
        secret = Base32.encode(authenticator.secret)
        url = authenticator.url(account: account, issuer: issuer)
    }

    enum CodingKeys: String, CodingKey {
        case secret
        case url = "otpauth_url"
    }
}

/// Recovery codes, told this once.
struct RecoveryCodesAnswer: Encodable {
    var codes: [String]

    init(_ codes: [RecoveryCode]) {
        self.codes = codes.map(\.description)
    }

    enum CodingKeys: String, CodingKey {
        case codes = "recovery_codes"
    }
}

struct TwoFactorAnswer: Encodable {
    var enabled: Bool
    /// The user's role needs it.
    var required: Bool
    @ExplicitNull var confirmedAt: Date?
    var recoveryCodesLeft: Int

    enum CodingKeys: String, CodingKey {
        case enabled, required
        case confirmedAt = "confirmed_at"
        case recoveryCodesLeft = "recovery_codes_left"
    }
}

extension Response {
    /// What nobody on the way may keep.
    static func secret(_ value: some Encodable) throws -> Response {
        try .json(value, headers: [.cacheControl: "no-store"])
    }
}

extension SecondFactor {
    /// - Throws: 422 for what can't be a code.
    init(valid text: String) throws {
        guard let code = SecondFactor(text) else {
            throw HTTPProblem.invalid("code", "must be the app's \(Authenticator.digits) digits, or a recovery code")
        }
        self = code
    }
}
