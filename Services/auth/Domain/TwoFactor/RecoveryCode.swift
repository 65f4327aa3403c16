import Crypto
import FoundationEssentials

/// What lets a user in once who has lost the authenticator app: 80 random bits, in groups of four letters and digits.
struct RecoveryCode: Sendable, Hashable, LosslessStringConvertible {
    /// How many a user gets at once.
    static let count = 10
    private static let length = 16

    /// As it is shown: `k3vq-…`.
    let description: String

    /// A new one.
    init() {
        let bytes = SymmetricKey(size: .init(bitCount: 80)).withUnsafeBytes { Array($0) }
        self.init(letters: Base32.encode(bytes).lowercased())
    }

    /// In any case, with or without hyphens and spaces; `nil` for what can't be one.
    init?(_ text: String) {
        let letters = text.lowercased().filter { $0 != "-" && $0 != " " }
        guard letters.utf8.count == Self.length,
            letters.allSatisfy({ ("a"..."z").contains($0) || ("2"..."7").contains($0) })
        else { return nil }
        self.init(letters: letters)
    }

    private init(letters: String) {
        let characters = Array(letters)
        description = stride(from: 0, to: characters.count, by: 4)
            .map { String(characters[$0..<$0 + 4]) }.joined(separator: "-")
    }

    static func set() -> [RecoveryCode] { (0..<count).map { _ in RecoveryCode() } }

    /// SHA-256: all that is kept of it. So many random bits need no slower one.
    var hash: [UInt8] { Array(SHA256.hash(data: Data(description.utf8))) }
}
