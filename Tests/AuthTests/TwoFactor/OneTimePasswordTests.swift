import FoundationEssentials
import Testing

@testable import Auth

@Suite("One-time passwords")
struct OneTimePasswordTests {
    private static let secret = Array("12345678901234567890".utf8)

    @Test("are those of RFC 4226, appendix D")
    func hotp() {
        let codes = (0..<10).map { OneTimePassword.code(secret: Self.secret, counter: $0, digits: 6) }
        #expect(
            codes == [
                "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
            ])
    }

    @Test(
        "are those of RFC 6238, appendix B",
        arguments: [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
        ])
    func totp(time: Int, code: String) {
        let step = Authenticator.step(at: Date(timeIntervalSince1970: Double(time)))
        #expect(OneTimePassword.code(secret: Self.secret, counter: UInt64(step), digits: 8) == code)
        let authenticator = Authenticator(secret: Self.secret, lastStep: -1)
        #expect(authenticator.code(step: step) == code.suffix(6))
    }

    @Test("keep their leading zeros")
    func leadingZeros() {
        let authenticator = Authenticator(secret: Self.secret, lastStep: -1)
        let codes = (0..<2_000).map(authenticator.code)
        #expect(codes.allSatisfy { $0.utf8.count == 6 })
        #expect(codes.contains { $0.hasPrefix("0") })
    }

    @Test("are taken in their own step and those beside it, never in any other")
    func window() {
        let now = Date(timeIntervalSince1970: 1_800_000_015)
        let present = Authenticator.step(at: now)
        for _ in 0..<50 {
            let authenticator = Authenticator()
            for offset in -4...4 {
                let step = present + offset
                let taken = authenticator.step(of: authenticator.code(step: step), at: now)
                if abs(offset) <= 1 {
                    #expect(taken != nil)
                } else if let taken {
                    // One in 300,000 codes is by chance that of a neighbour as well.
                    #expect(authenticator.code(step: taken) == authenticator.code(step: step))
                }
            }
        }
    }

    @Test("are taken once, and none before the last")
    func onlyForward() throws {
        let now = Date(timeIntervalSince1970: 1_800_000_015)
        let present = Authenticator.step(at: now)
        let fresh = Authenticator(secret: Self.secret, lastStep: -1)
        for last in present - 1...present + 1 {
            let used = Authenticator(secret: Self.secret, lastStep: last)
            for step in present - 1...present + 1 {
                #expect(used.step(of: fresh.code(step: step), at: now) == (step > last ? step : nil))
            }
        }
    }

    @Test("of any other form are none", arguments: ["", "75522", "7552245", "abcdef", "٧٥٥٢٢٤"])
    func otherForms(text: String) {
        let authenticator = Authenticator(secret: Self.secret, lastStep: -1)
        #expect(authenticator.step(of: text, at: Date(timeIntervalSince1970: 1_800_000_015)) == nil)
        #expect(SecondFactor(text) == nil)
    }

    @Test("can be typed with a space in the middle")
    func spaces() {
        #expect(SecondFactor("755 224") == .oneTimePassword("755224"))
    }

    @Test("come from a secret that apps read from the URL")
    func url() {
        let authenticator = Authenticator(secret: Self.secret, lastStep: -1)
        #expect(
            authenticator.url(account: "mira+1@example.org", issuer: "Grüne Schule")
                == "otpauth://totp/Gr%C3%BCne%20Schule:mira%2B1%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=Gr%C3%BCne%20Schule&algorithm=SHA1&digits=6&period=30")
    }

    @Test(
        "have secrets in the base 32 of RFC 4648, section 10",
        arguments: [
            ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ])
    func base32(text: String, expected: String) {
        #expect(Base32.encode(Array(text.utf8)) == expected)
    }
}

@Suite("Recovery codes")
struct RecoveryCodeTests {
    @Test("are all different, and read back however they are typed")
    func readBack() throws {
        let codes = RecoveryCode.set()
        #expect(Set(codes).count == 10)
        for code in codes {
            let text = code.description
            for typed in [text, text.uppercased(), text.filter { $0 != "-" }, text.replacing("-", with: " ")] {
                #expect(SecondFactor(typed) == .recoveryCode(code))
                #expect(RecoveryCode(typed)?.hash == code.hash)
            }
        }
    }

    @Test(
        "are of letters and digits that can't be mistaken",
        arguments: ["abcd-efgh-ijkl-mno", "abcd-efgh-ijkl-mno1", "äbcd-efgh-ijkl-mnop"])
    func otherForms(text: String) {
        #expect(RecoveryCode(text) == nil)
    }
}

@Suite("Sealed authenticator secrets")
struct SecretBoxTests {
    @Test("are opened for their own user under their own key only")
    func binding() throws {
        let (one, other) = (
            SecretBox(secret: String(repeating: "a", count: 32)), SecretBox(secret: String(repeating: "b", count: 32))
        )
        let (mira, teo) = (
            NewUser(email: try #require(EmailAddress("m@example.org"))).id,
            NewUser(email: try #require(EmailAddress("t@example.org"))).id
        )
        let secret = Authenticator().secret
        let sealed = try one.seal(secret, of: mira)
        #expect(try one.open(sealed, of: mira) == secret)
        #expect(throws: (any Error).self) { try one.open(sealed, of: teo) }
        #expect(throws: (any Error).self) { try other.open(sealed, of: mira) }
        #expect(try one.seal(secret, of: mira) != sealed)
    }
}
