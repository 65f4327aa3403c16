import CCommonPasswords

/// The passwords that leaks have most often: what attackers try first. Some 16,000 of those that are long enough to
/// pass otherwise.
enum CommonPasswords {
    /// In lower case.
    static let all: Set<Substring> = {
        var count = 0
        let text = UnsafeRawBufferPointer(start: common_passwords(&count), count: count)
        return Set(String(decoding: text, as: UTF8.self).utf8.split(separator: 0x0A).map(Substring.init))
    }()

    /// Whether it is one of them, in whatever case.
    static func contains(_ password: String) -> Bool {
        all.contains(Substring(password.lowercased()))
    }
}
