import FoundationEssentials
import Testing
import WireProtocol

@testable import Auth

extension AuthFixture {
    /// An authenticator app and the recovery codes that came with it.
    struct Device: Sendable {
        let app: Authenticator
        let recoveryCodes: [String]

        /// - Parameter later: by how many steps, to have another code than the last.
        func code(later: Int = 0) -> String { app.code(step: Authenticator.step(at: Date()) + later) }
    }

    /// Gives the account a second factor.
    func enrol(_ account: Account) async throws -> Device {
        let begun = try await post(
            "/auth/two-factor", ["current_password": .string(Self.password)], token: account.accessToken)
        let app = try Self.app(begun)
        let code = app.code(step: Authenticator.step(at: Date()))
        let answer = try await post("/auth/two-factor/confirm", ["code": .string(code)], token: account.accessToken)
        try #require(answer.status == .ok, "\(answer.body)")
        return Device(app: app, recoveryCodes: answer["recovery_codes"].strings)
    }

    /// What an app reads from an enrolment's answer.
    static func app(_ answer: Answer) throws -> Authenticator {
        try #require(answer.status == .ok, "\(answer.body)")
        let secret = try #require(answer["secret"].string)
        try #require(answer["otpauth_url"].string?.contains("secret=\(secret)&") == true)
        return Authenticator(secret: base32(secret), lastStep: -1)
    }

    /// The first step of a login, up to its challenge.
    func challenge(_ email: String) async throws -> String {
        let answer = try await logIn(email)
        try #require(answer.status == .forbidden, "\(answer.body)")
        return try #require(answer["challenge"]["token"].string)
    }

    func complete(_ challenge: String, _ code: String) async throws -> Answer {
        try await post("/auth/login/two-factor", ["challenge_token": .string(challenge), "code": .string(code)])
    }

    /// As if the last code had been used long ago.
    func letCodesPass() async throws {
        try await database.query("UPDATE authenticators SET last_step = -1")
    }

    private static func base32(_ text: String) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let bits = text.compactMap { alphabet.firstIndex(of: $0) }
            .flatMap { value in (0..<5).map { value >> (4 - $0) & 1 } }
        return stride(from: 0, through: bits.count - 8, by: 8).map { start in
            UInt8(bits[start..<start + 8].reduce(0) { $0 << 1 | $1 })
        }
    }
}

extension JSONValue {
    /// The texts of a list.
    var strings: [String] {
        guard case .array(let items) = self else { return [] }
        return items.compactMap(\.string)
    }
}
