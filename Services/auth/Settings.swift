import FoundationEssentials
import ServiceKit
import WireProtocol

struct Settings: ServiceSettings {
    let process: ProcessSettings
    let database: DatabaseSettings
    let tokens: TokenSettings
    let lifetimes: Lifetimes
    let hashing: Hashing
    let loginLimit: LoginLimit
    let signUpLimit: SignUpLimit
    let receivers: [Receiver]
    /// The identity server that keeps accounts; `nil` for auth's own tables.
    let kratos: KratosAddress?
    let twoFactor: TwoFactor

    /// A service that is told of deleted accounts.
    struct Receiver: Sendable {
        let name: String
        /// Where it listens, without a path.
        let url: String
    }
    let mail: MailSettings

    struct Hashing: Sendable {
        /// log₂ of bcrypt's rounds.
        let cost: Int
        let threads: Int
        let queue: Int
    }

    struct TwoFactor: Sendable {
        let policy: TwoFactorPolicy
        /// What authenticator apps show as the name of this installation.
        let issuer: String
        let secret: String

        init(from reader: inout SettingsReader, internalSecret: String) {
            let names = reader.string(
                "TWO_FACTOR_ROLES", default: "",
                "Roles, with commas between, that need an authenticator app: student, teacher, admin.")
            var roles: Set<Role> = []
            for name in names.split(separator: ",").map({ $0.filter { $0 != " " } }) {
                guard let role = Role(rawValue: name) else {
                    reader.note("TWO_FACTOR_ROLES", "must be some of student, teacher, admin, not \"\(name)\"")
                    continue
                }
                roles.insert(role)
            }
            policy = TwoFactorPolicy(roles: roles)
            issuer = reader.string(
                "TWO_FACTOR_ISSUER", default: "Lyceum", "What authenticator apps show as the name of this school.")
            secret = reader.secret(
                "TWO_FACTOR_SECRET", default: internalSecret, minimumBytes: 32,
                "Encrypts authenticators' secrets, by default INTERNAL_SECRET; with another one they are lost.")
        }
    }

    init(from reader: inout SettingsReader) {
        process = ProcessSettings(from: &reader, port: 8081)
        database = DatabaseSettings(from: &reader, service: "auth")
        tokens = TokenSettings(from: &reader)
        lifetimes = Lifetimes(
            accessToken: reader.integer(
                "ACCESS_TOKEN_SECONDS", default: 900, in: 1...3_600, "How long an access token is good."),
            refreshToken: reader.seconds(
                "REFRESH_TOKEN_SECONDS", default: 2_592_000, in: 60...31_536_000,
                "How long a session can be left alone before a new login is needed."),
            refreshGrace: reader.seconds(
                "REFRESH_GRACE_SECONDS", default: 10, in: 0...60,
                "How long a used refresh token still gives the same successor, for lost answers and second tabs."))
        hashing = Hashing(
            cost: reader.integer(
                "BCRYPT_COST", default: 12, in: PasswordHasher.costs,
                "log2 of bcrypt's rounds; at least 10 in production."),
            threads: reader.integer(
                "HASH_THREADS", default: ProcessInfo.processInfo.activeProcessorCount, in: 1...256,
                "Passwords hashed at once."),
            queue: reader.integer(
                "HASH_QUEUE", default: 64, in: 0...10_000, "Passwords that may wait for that; those above it get 503."))
        twoFactor = TwoFactor(from: &reader, internalSecret: tokens.internalSecret)
        loginLimit = LoginLimit(
            perAccount: reader.integer(
                "LOGIN_FAILURES_PER_ACCOUNT", default: 10, in: 1...1_000_000,
                "Failed logins of one account from one address before more get 429."),
            perAccountEverywhere: reader.integer(
                "LOGIN_FAILURES_FROM_ANYWHERE", default: 100, in: 1...1_000_000,
                "Failed logins of one account before places that it was not used from get 429."),
            perNetwork: reader.integer(
                "LOGIN_FAILURES_PER_ADDRESS", default: process.mode == .production ? 100 : 1_000, in: 1...1_000_000,
                "Failed logins from one address (IPv6: one /64) before more get 429."),
            window: reader.seconds(
                "LOGIN_FAILURES_WINDOW", default: 900, in: 1...86_400, "Seconds that failed logins are counted for."))
        signUpLimit = SignUpLimit(
            perNetwork: reader.integer(
                "SIGN_UPS_PER_ADDRESS", default: process.mode == .production ? 200 : 1_000, in: 1...1_000_000,
                "Sign-ups from one address (IPv6: one /64) within an hour before more get 429."))
        receivers = [("content", 8082), ("media", 8083), ("analytics", 8084)].map { name, port in
            Receiver(
                name: name,
                url: reader.url(
                    "\(name.uppercased())_URL", schemes: ["http", "https"], default: "http://127.0.0.1:\(port)",
                    "Where \(name) listens: it is told of deleted accounts."))
        }
        let identity = reader.string(
            "IDENTITY_URL", default: "",
            "Who keeps accounts: auth when empty, or a Kratos, like kratos+http://kratos:4433?admin=http://kratos:4434."
        )
        kratos = KratosAddress(identity)
        if kratos == nil, !identity.isEmpty {
            reader.note("IDENTITY_URL", "must be like kratos+http://kratos:4433?admin=http://kratos:4434")
        }
        mail = MailSettings(from: &reader, mode: process.mode)
        if process.mode == .production, hashing.cost < 10 {
            reader.note("BCRYPT_COST", "must be at least 10 with LYCEUM_MODE=production")
        }
    }
}
