/// An address with a name: `Lyceum <no-reply@example.org>` (RFC 5322 §3.4), or an address alone.
struct Mailbox: Sendable, Equatable, LosslessStringConvertible {
    let name: String?
    let address: EmailAddress

    /// `nil` for anything else, and for a name with control characters.
    init?(_ text: String) {
        guard let open = text.lastIndex(of: "<"), text.last == ">" else {
            guard let address = EmailAddress(text) else { return nil }
            self.address = address
            name = nil
            return
        }
        let name = text[..<open].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard let address = EmailAddress(String(text[text.index(after: open)...].dropLast())),
            !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else { return nil }
        self.address = address
        self.name = name.isEmpty ? nil : name
    }

    /// In the place of one that the settings should have named.
    static let unset = Mailbox("unset@localhost")!

    var description: String { name.map { "\($0) <\(address)>" } ?? address.description }

    static func == (left: Mailbox, right: Mailbox) -> Bool { left.description == right.description }
}
