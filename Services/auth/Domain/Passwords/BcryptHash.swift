/// A password hash in the form of crypt(5): `$2b$12$`, 22 characters of salt, 31 of digest.
///
/// `$2a$` and `$2y$` are read too: other systems wrote them for the same function. Written is `$2b$`.
struct BcryptHash: Sendable, Hashable, LosslessStringConvertible {
    static let costs = 4...31
    private static let digits = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    let description: String
    /// log₂ of the number of rounds.
    let cost: Int

    /// `nil` for what no bcrypt function wrote.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 60, ["$2a$", "$2b$", "$2y$"].contains(where: text.hasPrefix),
            bytes[6] == UInt8(ascii: "$"), bytes[4..<6].allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains),
            let cost = Int(String(decoding: bytes[4..<6], as: UTF8.self)),
            Self.costs.contains(cost), bytes[7...].allSatisfy(Self.digits.contains)
        else { return nil }
        description = text
        self.cost = cost
    }

    private init(cost: Int, saltAndDigest: String) {
        description = "$2b$" + (cost < 10 ? "0" : "") + String(cost) + "$" + saltAndDigest
        self.cost = cost
    }

    /// A hash that no known password has, to spend on an account that does not exist what one that does would cost.
    static func unmatched(cost: Int) -> BcryptHash {
        BcryptHash(cost: cost, saltAndDigest: "JfG6QeZk5mOa9sTtXw1yRu" + "0N4LpVbHcDqEeKgMjSxWzYi2U8oAr3C")
    }
}
