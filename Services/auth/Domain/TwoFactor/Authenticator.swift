import Crypto
import FoundationEssentials

/// A user's authenticator app: TOTP (RFC 6238) with what every such app understands, SHA-1, 6 digits and 30 s.
struct Authenticator: Sendable, Hashable {
    /// Seconds that a code is shown for.
    static let period = 30
    static let digits = 6

    /// 160 bits (RFC 4226 §4 R6).
    let secret: [UInt8]
    /// The time step of the last code that was taken; no earlier one is, and it not again (RFC 6238 §5.2).
    let lastStep: Int

    init(secret: [UInt8], lastStep: Int) {
        self.secret = secret
        self.lastStep = lastStep
    }

    /// A new one.
    init() {
        self.init(secret: SymmetricKey(size: .init(bitCount: 160)).withUnsafeBytes { Array($0) }, lastStep: -1)
    }

    static func step(at time: Date) -> Int {
        Int((time.timeIntervalSince1970 / Double(period)).rounded(.down))
    }

    func code(step: Int) -> String {
        OneTimePassword.code(secret: secret, counter: UInt64(step), digits: Self.digits)
    }

    /// The step that `code` belongs to, when it may be taken: it is the present one's, or for clocks that differ a
    /// neighbour's (RFC 6238 §6). Takes the same time whichever it is.
    func step(of code: String, at now: Date) -> Int? {
        let present = Self.step(at: now)
        return (present - 1...present + 1).reduce(nil) { found, step in
            let isSame = Self.isSame(self.code(step: step), code)
            return isSame && step > lastStep ? step : found
        }
    }

    /// For an app to take over, as text or as the QR code of it.
    func url(account: String, issuer: String) -> String {
        let (label, name) = (Self.escaped(account), Self.escaped(issuer))
        return "otpauth://totp/\(name):\(label)?secret=\(Base32.encode(secret))&issuer=\(name)"
            + "&algorithm=SHA1&digits=\(Self.digits)&period=\(Self.period)"
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        guard one.utf8.count == other.utf8.count else { return false }
        return zip(one.utf8, other.utf8).reduce(into: UInt8(0)) { $0 |= $1.0 ^ $1.1 } == 0
    }

    /// All but the unreserved characters of RFC 3986 §2.3 percent-encoded.
    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            if byte < 0x80, character.isLetter || character.isNumber || "-._~".contains(character) {
                return String(character)
            }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
