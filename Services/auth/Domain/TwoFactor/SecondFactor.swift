/// What a user shows beside the password.
enum SecondFactor: Sendable, Hashable, LosslessStringConvertible {
    case oneTimePassword(String)
    case recoveryCode(RecoveryCode)

    /// `nil` for what can be neither.
    init?(_ text: String) {
        let digits = text.filter { $0 != " " }
        if digits.utf8.count == Authenticator.digits, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            self = .oneTimePassword(digits)
        } else if let code = RecoveryCode(text) {
            self = .recoveryCode(code)
        } else {
            return nil
        }
    }

    var description: String {
        switch self {
        case .oneTimePassword(let digits): digits
        case .recoveryCode(let code): code.description
        }
    }

    var method: AuthenticationMethod {
        switch self {
        case .oneTimePassword: .oneTimePassword
        case .recoveryCode: .recoveryCode
        }
    }
}
