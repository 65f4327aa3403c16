/// What a new password must be like (NIST SP 800-63B §5.1.1.2): long enough, not too long for bcrypt, not one that
/// attackers try first. No rules of composition.
enum PasswordRules {
    /// In bytes of UTF-8. bcrypt would cut what is longer, so it is refused.
    static let lengths = 8...72

    /// What is wrong with `password`, for its owner to read; `nil` when it will do.
    static func fault(in password: String, email: String) -> String? {
        if !lengths.contains(password.utf8.count) {
            return "must have \(lengths.lowerBound) to \(lengths.upperBound) bytes"
        }
        if password.utf8.contains(0) { return "must not contain U+0000" }
        if CommonPasswords.contains(password) { return "is one of the most common passwords; take another" }
        if password.lowercased() == email.lowercased() { return "must not be the e-mail address" }
        return nil
    }

    /// What makes `password` one that no account can have, whatever its owner chose once.
    static func faultAtLogin(in password: String) -> String? {
        if password.utf8.count > lengths.upperBound { return "must have at most \(lengths.upperBound) bytes" }
        return password.utf8.contains(0) ? "must not contain U+0000" : nil
    }
}
