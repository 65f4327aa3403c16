import ServiceKit

extension Validation {
    mutating func email(_ text: String, _ field: String = "email") -> EmailAddress? {
        let email = EmailAddress(text)
        check(email != nil, field, "must be an e-mail address of at most \(EmailAddress.maximumLength) characters")
        return email
    }

    /// A password that is to be set.
    mutating func newPassword(_ text: String, email: String, _ field: String = "password") {
        let fault = PasswordRules.fault(in: text, email: email)
        check(fault == nil, field, fault ?? "")
    }

    /// A password that was set once, maybe under other rules.
    mutating func knownPassword(_ text: String, _ field: String = "password") {
        let fault = PasswordRules.faultAtLogin(in: text)
        check(fault == nil, field, fault ?? "")
    }

    mutating func displayName(_ text: String?) {
        if let text { self.text(text, "display_name", in: 0...User.maximumDisplayNameLength) }
    }
}
