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

    /// - Parameters: seconds from now on.
    private func key(active: Double, retired: Double? = nil) -> SigningKey {
        SigningKey(P256.Signing.PrivateKey(), activeAt: now + active, retiredAt: retired.map { now + $0 })
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

    @Test("sign when their time has come, and until their successor's has")
    func current() {
        let (old, new) = (key(active: -1_000, retired: 5), key(active: 5))
        #expect([new, old].current(at: now)?.id == old.id)
        #expect([new, old].current(at: now + 5)?.id == new.id)
        #expect([key(active: -1_000, retired: -20), key(active: -20)].current(at: now)?.activeAt == now - 20)
        // A clock that is behind finds no key whose time has come.
        #expect([key(active: 30)].current(at: now) != nil)
        #expect([SigningKey]().current(at: now) == nil)
    }

    @Test("are rotated: both published at once, the new one signs later, the old one goes when its tokens have expired")
    func rotation() async throws {
        try await withTestDatabase(migrations: AuthService.migrations) { database in
            let store = PostgresTokenState(database: database, tokenLifetime: 960)
            let old = try await store.signingKeys()[0]
            let entry = AuditEntry(action: .keyRotated, origin: .commandLine)
            let new = try await store.rotate(lead: 60, entry)
            let keys = try await store.signingKeys()
            #expect(keys.map(\.id) == [new.id, old.id])
            #expect(keys[1].retiredAt == new.activeAt)
            #expect(keys.current(at: new.activeAt - 1)?.id == old.id)
            #expect(keys.current(at: new.activeAt)?.id == new.id)
            let newest = try await store.rotate(lead: 120, entry)
            #expect(try await store.signingKeys().map(\.id) == [newest.id, new.id, old.id])
            #expect(try await store.signingKeys().last?.retiredAt == new.activeAt)
            try await database.query(
                "UPDATE signing_keys SET retired_at = now() - interval '17 minutes' WHERE kid = $1", [old.id])
            #expect(try await store.signingKeys().map(\.id) == [newest.id, new.id])
            let noted: Int = try await database.query("SELECT count(*) FROM audit_log WHERE action = 'key.rotated'")[0][
                0]
            #expect(noted == 2)
        }
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
        let key = SigningKey(try P256.Signing.PrivateKey(rawRepresentation: scalar), activeAt: now)
        #expect(key.publicPoint.x == "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
        #expect(key.publicPoint.y == "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")
        let json = #"{"crv":"P-256","kty":"EC","x":"\#(key.publicPoint.x)","y":"\#(key.publicPoint.y)"}"#
        #expect(key.id == Data(SHA256.hash(data: Data(json.utf8))).base64URL)
    }
}
