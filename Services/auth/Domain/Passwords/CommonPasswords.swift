/// The passwords that leaks have most often: what attackers try first. Some 16,000 of those that are long enough to
/// pass otherwise.
enum CommonPasswords {
    private static let all = Set(list.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }).map(Substring.init))

    /// Whether it is one of them, in whatever case.
    static func contains(_ password: String) -> Bool {
        all.contains(Substring(password.lowercased()))
    }
}
