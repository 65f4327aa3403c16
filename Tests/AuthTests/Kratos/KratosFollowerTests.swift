import HTTPTypes
import NIOHTTP1
import Postgres
import PostgresTesting
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Auth

@Suite(
    "Kratos is told", .enabled(if: TestDatabase.isAvailable),
    .enabled(if: KratosStandIn.isAvailable, "needs Python with openapi-core and bcrypt: make test installs them"))
struct KratosFollowerTests {
    private static let down = ["IDENTITY_URL": "kratos+http://127.0.0.1:9?admin=http://127.0.0.1:9"]

    @Test("that an address was verified, by a link to verify it or to set a new password", arguments: [true, false])
    func verification(byReset: Bool) async throws {
        try await withAuth(keptBy: .kratos) { auth in
            let account = try await auth.account()
            if byReset {
                #expect(try await auth.reset(try await auth.resetToken(account.email)).status == .noContent)
            } else {
                let token = try await auth.mail(to: account.email, "/verify-email").token
                #expect(try await auth.verify(token).status == .noContent)
            }
            try await eventually {
                let address = try await Self.identity(account)["verifiable_addresses"].first
                return address["verified"] == .bool(true) && address["status"] == "completed"
            }
        }
    }

    @Test("not of an address that is another's by now: the verified one is not touched")
    func movedAddress() async throws {
        try await withAuth(keptBy: .kratos) { auth in
            let account = try await auth.account()
            _ = try await KratosStandIn.running.call(
                "/admin/identities/\(account.id)", .PATCH,
                .array([
                    .object(["op": "replace", "path": "/verifiable_addresses/0/value", "value": "other@example.org"])
                ]))
            let token = try await auth.mail(to: account.email, "/verify-email").token
            #expect(try await auth.verify(token).status == .noContent)
            try await auth.kratosIsLevel()
            #expect(try await Self.identity(account)["verifiable_addresses"].first["verified"] == .bool(false))
        }
    }

    @Test("nothing that opens an account which it has shut, until an administrator here opens it")
    func shutThere() async throws {
        try await withAuth(keptBy: .kratos) { auth in
            let account = try await auth.account()
            _ = try await KratosStandIn.running.call(
                "/admin/identities/\(account.id)", .PATCH,
                .array([.object(["op": "replace", "path": "/state", "value": "inactive"])]))
            try await auth.change(account, UserChange(role: .teacher, displayName: "Mira"))
            try await auth.kratosIsLevel()
            #expect(try await Self.identity(account)["traits"]["name"] == "Mira")
            #expect(try await Self.identity(account)["state"] == "inactive")
            #expect(try await auth.logIn(account.email).status == .unauthorized)
            for isDisabled in [true, false] { try await auth.change(account, UserChange(isDisabled: isDisabled)) }
            try await auth.kratosIsLevel()
            #expect(try await auth.logIn(account.email).status == .ok)
        }
    }

    @Test("only of what changed: a name in the form of another schema stays as it is")
    func otherSchema() async throws {
        try await withAuth(keptBy: .kratos) { auth in
            let account = try await auth.account()
            let name = JSONValue.object(["first": "Mira", "last": "Novak"])
            _ = try await KratosStandIn.running.call(
                "/admin/identities/\(account.id)", .PATCH,
                .array([.object(["op": "add", "path": "/traits/name", "value": name])]))
            #expect(try await auth.logIn(account.email)["user"]["display_name"] == "Mira Novak")
            try await auth.change(account, UserChange(role: .teacher))
            try await auth.kratosIsLevel()
            let identity = try await Self.identity(account)
            #expect(identity["metadata_public"]["role"] == "teacher")
            #expect(identity["traits"]["name"] == name)
        }
    }

    @Test("later of what was changed while it was down: that holds here at once, over logins too")
    func outage() async throws {
        let up = ["IDENTITY_URL": try await KratosStandIn.running.url]
        try await withTestDatabase(migrations: AuthService.migrations) { database in
            let schema: String = try await database.query("SELECT current_schema()::text")[0][0]
            let (demoted, named, shut) = try await withAuth(up, schema: schema, database) { auth in
                (try await auth.administrator(), try await auth.account(), try await auth.account())
            }
            try await withAuth(Self.down, schema: schema, database) { auth in
                try await auth.change(demoted, UserChange(role: .student))
                try await auth.change(named, UserChange(displayName: "Mira"))
                try await auth.change(shut, UserChange(isDisabled: true))
                try await eventually {
                    try await auth.send(.get, "/auth/me", token: shut.accessToken).status == .unauthorized
                }
                try await eventually {
                    try await auth.count("SELECT count(*) FROM identity_news WHERE attempts > 0") == 3
                }
            }
            try await database.query("UPDATE identity_news SET due_at = now() + interval '1 hour'")
            try await withAuth(up, schema: schema, database) { auth in
                #expect(try await auth.logIn(demoted.email)["user"]["role"] == "student")
                #expect(try await Self.identity(demoted)["metadata_public"]["role"] == "admin")
                try await auth.database.query("UPDATE identity_news SET due_at = now()")
                try await auth.kratosIsLevel()
                #expect(try await Self.identity(demoted)["metadata_public"]["role"] == "student")
                #expect(try await Self.identity(named)["traits"]["name"] == "Mira")
                #expect(try await Self.identity(shut)["state"] == "inactive")
                #expect(try await auth.logIn(named.email)["user"]["display_name"] == "Mira")
            }
        }
    }

    @Test("later of an account that was deleted while it was down, which no login brings back")
    func deletion() async throws {
        let kratos = try await KratosStandIn.running
        let up = ["IDENTITY_URL": kratos.url]
        try await withTestDatabase(migrations: AuthService.migrations) { database in
            let schema: String = try await database.query("SELECT current_schema()::text")[0][0]
            let account = try await withAuth(up, schema: schema, database) { try await $0.account() }
            try await withAuth(Self.down, schema: schema, database) { auth in
                try await auth.parts.administration.delete(account.id, version: nil, by: nil, from: .commandLine)
                #expect(try await auth.count("SELECT count(*) FROM users") == 0)
            }
            try await database.query("UPDATE identity_news SET due_at = now() + interval '1 hour'")
            try await withAuth(up, schema: schema, database) { auth in
                #expect(try await auth.logIn(account.email).status == .unauthorized)
                #expect(try await auth.count("SELECT count(*) FROM users") == 0)
                try await auth.database.query("UPDATE identity_news SET due_at = now()")
                try await auth.kratosIsLevel()
                let found = try await kratos.call("/admin/identities?credentials_identifier=\(account.email)")
                #expect(found == .array([]))
            }
        }
    }

    @Test("nothing of a change that was refused")
    func refused() async throws {
        try await withAuth(keptBy: .kratos) { auth in
            let account = try await auth.account()
            let stale = try await auth.patch(
                "/auth/me", ["display_name": "Mira"], token: account.accessToken, match: #""999""#)
            #expect(stale.status == .preconditionFailed)
            #expect(try await auth.count("SELECT count(*) FROM identity_news") == 0)
        }
    }

    @Test("and what it said before does not undo the change, when a login brings it in late")
    func lateAnswer() async throws {
        try await withAuth(keptBy: .kratos) { auth in
            let admin = try await auth.administrator()
            let before = try #require(
                try WireJSON.decode(
                    KratosIdentity.self, from: try WireJSON.encode(try await Self.identity(admin))
                ).account)
            try await auth.change(admin, UserChange(role: .student))
            try await auth.kratosIsLevel()
            let shadows = PostgresShadows(database: auth.database, outbox: Outbox(targets: []))
            #expect(try await shadows.adopt(before).role == .student)
        }
    }

    @Test("again when the account changes while it is being told, and by one replica at a time")
    func changesMeanwhile() async throws {
        try await withTestDatabase(migrations: AuthService.migrations) { database in
            let id = Identifier()
            try await database.query(
                "INSERT INTO users (id, identity_id, email, role) VALUES ($1, $1, 'mira@example.org', 'student')",
                [id.rawValue])
            let news = IdentityNews(isAwaited: true)
            let queue = IdentityNewsQueue(database: database)
            try await database.withTransaction { try await news.append(id, in: $0) }
            let first = try #require(try await queue.take(limit: 1, lease: .seconds(600)).first)
            try await database.withTransaction { try await news.append(id, in: $0) }
            #expect(try await queue.take(limit: 1, lease: .seconds(600)).isEmpty)
            try await queue.finish(first)
            let second = try #require(try await queue.take(limit: 1, lease: .seconds(600)).first)
            try await queue.finish(second)
            #expect(try await queue.take(limit: 1, lease: .seconds(600)).isEmpty)
        }
    }

    private static func identity(_ account: Account) async throws -> JSONValue {
        try await KratosStandIn.running.call("/admin/identities/\(account.id)")
    }
}

extension AuthFixture {
    fileprivate func change(_ account: Account, _ change: UserChange) async throws {
        let user = try #require(try await parts.administration.directory.user(account.id))
        _ = try await parts.administration.change(user, change, by: nil, from: .commandLine)
    }

    /// Returns once Kratos was told of all that was changed.
    fileprivate func kratosIsLevel() async throws {
        try await eventually { try await count("SELECT count(*) FROM identity_news WHERE told_at IS NULL") == 0 }
    }
}

extension JSONValue {
    /// The first of a list; `null` when there is none.
    fileprivate var first: JSONValue {
        guard case .array(let items) = self else { return .null }
        return items.first ?? .null
    }
}
