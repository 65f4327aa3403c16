import Crypto
import FoundationEssentials
import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("Signing keys", .enabled(if: TestDatabase.isAvailable))
struct SigningKeyTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func key(age: Double, retired: Bool = false) -> SigningKey {
        SigningKey(P256.Signing.PrivateKey(), createdAt: now - age, retiredAt: retired ? now : nil)
    }

    @Test("of ten replicas that start at once, there is one")
    func oneFirstKey() async throws {
        try await withTestDatabase(migrations: AuthService.migrations) { database in
            let store = PostgresTokenState(database: database, tokenLifetime: 960)
            let ids = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<10 { group.addTask { try await store.signingKeys().map(\.id) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(ids.count == 10)
            #expect(Set(ids).count == 1)
        }
    }

    @Test("sign only when everybody has had time to learn them, but for the first")
    func current() {
        let old = key(age: 1_000)
        let new = key(age: 20)
        let newest = key(age: 5)
        #expect([newest, new, old].current(at: now)?.id == new.id)
        #expect([newest, old].current(at: now)?.id == old.id)
        #expect([newest].current(at: now)?.id == newest.id)
        #expect([newest, key(age: 20, retired: true)].current(at: now)?.id == newest.id)
        #expect([SigningKey]().current(at: now) == nil)
    }

    @Test("are published while a token that they signed may live")
    func published() async throws {
        try await withTestDatabase(migrations: AuthService.migrations) { database in
            let store = PostgresTokenState(database: database, tokenLifetime: 960)
            let first = try await store.signingKeys()[0].id
            try await database.query("UPDATE signing_keys SET retired_at = now() - interval '15 minutes'")
            let both = try await store.signingKeys()
            #expect(both.count == 2)
            #expect(both.last?.id == first)
            try await database.query(
                "UPDATE signing_keys SET retired_at = now() - interval '17 minutes' WHERE kid = $1", [first])
            #expect(try await store.signingKeys().map(\.id) == both.prefix(1).map(\.id))
        }
    }

    @Test("are named by their thumbprint (RFC 7638), and published with the coordinates of RFC 7515 A.3")
    func thumbprint() throws {
        let scalar = try #require(Data(base64Encoded: "jpsQnnGQmL+YBIffH1136cspYG6+0iY7X1fCE9+E9LI="))
        let key = SigningKey(try P256.Signing.PrivateKey(rawRepresentation: scalar), createdAt: now)
        #expect(key.publicPoint.x == "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
        #expect(key.publicPoint.y == "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")
        let json = #"{"crv":"P-256","kty":"EC","x":"\#(key.publicPoint.x)","y":"\#(key.publicPoint.y)"}"#
        #expect(key.id == Data(SHA256.hash(data: Data(json.utf8))).base64URL)
    }
}
