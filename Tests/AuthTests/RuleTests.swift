import FoundationEssentials
import ServiceKit
import Testing

@testable import Auth

@Suite("Rules")
struct RuleTests {
    @Test("thousands of common passwords are refused, in whatever case; none of the list is in vain")
    func commonPasswords() {
        #expect(CommonPasswords.all.count > 10_000)
        for password in CommonPasswords.all {
            #expect(CommonPasswords.contains(String(password)))
            #expect(PasswordRules.lengths.contains(password.utf8.count))
        }
        for password in ["qwertyuiop", "QwertyUIOP", "1234567890", "iloveyou", "student123"] {
            #expect(CommonPasswords.contains(password), "\(password)")
        }
    }

    @Test("passwords are counted in bytes, and common ones refused")
    func passwords() {
        func fault(_ password: String) -> String? { PasswordRules.fault(in: password, email: "mira@example.org") }
        #expect(fault("seven brown owls") == nil)
        #expect(fault(String(repeating: "é", count: 36)) == nil)
        #expect(fault("lyceum-demo-1") == nil)
        #expect(fault("1234567") != nil)
        #expect(fault(String(repeating: "a", count: 73)) != nil)
        #expect(fault(String(repeating: "é", count: 37)) != nil)
        #expect(fault("password123") != nil)
        #expect(fault("PassWord123") != nil)
        #expect(fault("with\0nul bytes") != nil)
        #expect(fault("Mira@Example.org") != nil)
    }

    @Test(
        "addresses that forms accept are accepted",
        arguments: ["a@b", "mira@example.org", "m.i+ra_1@sub.example.org", "o'neill@example.org", "x@a-b.example"])
    func acceptsAddresses(text: String) {
        #expect(EmailAddress(text)?.description == text)
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", "@", "a@", "@b", "a@@b", "a b@c", "a@b c", "a@-b", "a@b-", "a@b..c", "a@.b", "a\0@b",
            "mïra@example.org",
            "a@b\n", "<a@b>", "a@" + String(repeating: "b", count: 64),
            String(repeating: "a", count: 65) + "@b", "a@" + String(repeating: "b.", count: 130) + "c",
        ])
    func refusesAddresses(text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test("an IPv6 client is its /64, since it can take any address in it")
    func networks() {
        func network(_ address: String) -> String {
            Origin(address: address, userAgent: nil, requestID: "").network
        }
        #expect(network("2001:db8:1:2::3") == network("2001:db8:1:2:ffff::9"))
        #expect(network("2001:db8:1:2::3") != network("2001:db8:1:3::3"))
        #expect(network("203.0.113.5") == "203.0.113.5")
        #expect(network("unknown") == "unknown")
    }

    @Test("limits go by account, in any case, and network together")
    func buckets() {
        let limit = LoginLimit(perAccount: 10, perAccountEverywhere: 100, perNetwork: 100, window: .seconds(900))
        let bucket = limit.bucket(account: "Mira@example.org", network: "203.0.113.5")
        #expect(bucket == limit.bucket(account: "mira@EXAMPLE.org", network: "203.0.113.5"))
        #expect(bucket != limit.bucket(account: "mira@example.org", network: "203.0.113.6"))
        #expect(!bucket.name.contains("mira"))
    }

    @Test("weak settings are refused in production")
    func productionSettings() {
        func faults(_ environment: [String: String]) -> [String] {
            let usual = [
                "DATABASE_URL": "postgres://auth@db/lyceum", "INTERNAL_SECRET": String(repeating: "s", count: 32),
                "MAIL_URL": "smtp://mail.example.org", "MAIL_FROM": "lyceum@example.org",
                "FRONTEND_URL": "https://lyceum.example.org",
            ]
            var reader = SettingsReader(environment: usual.merging(environment) { $1 })
            _ = Settings(from: &reader)
            return reader.faults.map(\.name)
        }
        #expect(faults(["LYCEUM_MODE": "production"]) == [])
        #expect(faults(["LYCEUM_MODE": "production", "BCRYPT_COST": "9"]) == ["BCRYPT_COST"])
        #expect(faults(["BCRYPT_COST": "4"]) == [])
        #expect(faults(["BCRYPT_COST": "3"]) == ["BCRYPT_COST"])
        #expect(faults(["BCRYPT_COST": "17"]) == ["BCRYPT_COST"])
        #expect(faults(["HASH_THREADS": "0"]) == ["HASH_THREADS"])
    }
}
