import WireProtocol

/// By what a session was opened, in the words of RFC 8176 where it has one.
enum AuthenticationMethod: String, Sendable, Hashable {
    case password = "pwd"
    /// A code of an authenticator app.
    case oneTimePassword = "otp"
    case recoveryCode = "recovery_code"
    case multipleFactors = "mfa"
}

/// How a session's user proved to be who they are; kept with the session, and told in its tokens.
struct Authentication: Sendable, Hashable {
    static let password = Authentication(methods: [.password])

    let methods: [AuthenticationMethod]

    init(methods: [AuthenticationMethod]) {
        self.methods = methods
    }

    /// The password and a second factor.
    init(password second: AuthenticationMethod) {
        self.init(methods: [.password, second, .multipleFactors])
    }

    var assurance: Assurance { methods.contains(.multipleFactors) ? .two : .one }
}
