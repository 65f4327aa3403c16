import FoundationEssentials
import PostgresTesting
import Synchronization
import Testing
import WireProtocol

@testable import Auth

@Suite(
    "Moving accounts", .enabled(if: TestDatabase.isAvailable),
    .enabled(if: KratosStandIn.isAvailable, "needs Python with openapi-core and bcrypt: make test installs them"))
struct KratosMoveTests {
    @Test("from Kratos brings passwords along, tells what it could not bring, and does nothing twice")
    func bringHere() async throws {
        let kratos = try await KratosStandIn.launch()
        let owls = try Bcrypt.hash(AuthFixture.password, cost: 4).description
        try await withAuth { auth in
            let twin = try await auth.account()
            let plain = try await KratosTests.identity(role: "teacher", verified: true, at: kratos)
            let old = try await KratosTests.identity(hash: "$2y$" + owls.dropFirst(4), at: kratos)
            let taken = try await KratosTests.identity(email: twin.email, at: kratos)
            let foreign = try await KratosTests.identity(hash: "$argon2id$v=19$m=16,t=2,p=1$c2FsdA$aGFzaA", at: kratos)
            let dear = try await KratosTests.identity(hash: "$2b$17$" + owls.dropFirst(7), at: kratos)
            let move = KratosImport(admin: try Self.admin(of: kratos), database: auth.database)
            let first = try await move.run { _, _ in }
            #expect(first.moved == 4)
            #expect(Set(first.troubles.map(\.account.description)) == [taken.id, foreign.id, dear.id])
            let second = try await move.run { _, _ in }
            #expect(second.moved == 0)
            #expect(second.wereThere == 4)
            let answer = try await auth.logIn(plain.email)
            #expect(answer["user"]["id"] == .string(plain.id))
            #expect(answer["user"]["role"] == "teacher")
            #expect(answer["user"]["email_verified"] == .bool(true))
            #expect(try await auth.logIn(old.email).status == .ok)
            #expect(try await auth.logIn(old.email, "wrong password").status == .unauthorized)
            #expect(try await auth.logIn(foreign.email).status == .unauthorized)
            #expect(try await auth.logIn(twin.email)["user"]["id"] == .string(twin.id.description))
            #expect(try await kratos.violations() == .array([]))
        }
    }

    @Test("from Kratos goes page by page, on from where it was interrupted")
    func pages() async throws {
        let kratos = try await KratosStandIn.launch()
        try await withAuth { auth in
            for _ in 0..<3 { _ = try await KratosTests.identity(at: kratos) }
            let move = KratosImport(admin: try Self.admin(of: kratos, pageSize: 2), database: auth.database)
            let told = Mutex<[String?]>([])
            let report = try await move.run { _, next in told.withLock { $0.append(next) } }
            #expect(report.moved == 3)
            let pages = told.withLock { $0 }
            #expect(pages.count == 2)
            #expect(pages.last == .some(nil))
            try await auth.database.query("DELETE FROM users")
            #expect(try await move.run(from: pages[0]) { _, _ in }.moved == 1)
        }
    }

    @Test("to Kratos keeps ids and passwords, tells what it could not bring, and does nothing twice")
    func bringThere() async throws {
        let kratos = try await KratosStandIn.launch()
        try await withTestDatabase(migrations: AuthService.migrations) { database in
            let schema: String = try await database.query("SELECT current_schema()::text")[0][0]
            let (here, lost, twin) = try await withAuth([:], schema: schema, database) { auth in
                (try await auth.account(.teacher), try await auth.account(), try await auth.account())
            }
            _ = try await KratosTests.identity(email: twin.email, at: kratos)
            let move = KratosExport(admin: try Self.admin(of: kratos), database: database)
            let first = try await move.run { _ in }
            #expect(first.moved == 2)
            #expect(first.troubles.map(\.account) == [twin.id])
            // As if it had ended between its two steps.
            try await database.query("UPDATE users SET identity_id = NULL WHERE id = $1", [lost.id.rawValue])
            let second = try await move.run { _ in }
            #expect(second.moved == 0)
            #expect(second.wereThere == 1)
            #expect(second.troubles.map(\.account) == [twin.id])
            try await withAuth(["IDENTITY_URL": kratos.url], schema: schema, database) { auth in
                for account in [here, lost] {
                    let answer = try await auth.logIn(account.email)
                    #expect(answer["user"]["id"] == .string(account.id.description))
                    #expect(try Account(answer).claims.role == account.claims.role)
                    #expect(try await auth.refresh(account.refreshToken).status == .ok)
                }
                let changed = try await auth.post(
                    "/auth/password/change",
                    ["current_password": .string(AuthFixture.password), "password": "eight white swans"],
                    token: try Account(try await auth.logIn(here.email)).accessToken)
                #expect(changed.status == .noContent)
                #expect(try await auth.reset(try await auth.resetToken(lost.email)).status == .noContent)
                for account in [here, lost] {
                    #expect(try await auth.logIn(account.email).status == .unauthorized)
                    #expect(try await auth.logIn(account.email, "eight white swans").status == .ok)
                }
                // Nor are the passwords from before good when accounts are kept here again.
                let kept = try await auth.count(
                    "SELECT count(*) FROM users WHERE email IN ($1::citext, $2::citext) AND password_hash IS NOT NULL",
                    [here.email, lost.email])
                #expect(kept == 0)
            }
            #expect(try await kratos.violations() == .array([]))
        }
    }

    private static func admin(of kratos: KratosStandIn, pageSize: Int = KratosAdmin.pageSize) throws -> KratosAdmin {
        let address = try #require(KratosAddress(kratos.url))
        return KratosAdmin(client: KratosClient(address, logger: quietLogger), pageSize: pageSize)
    }
}
