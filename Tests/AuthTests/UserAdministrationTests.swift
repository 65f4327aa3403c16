import FoundationEssentials
import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite("Administrators", .enabled(if: TestDatabase.isAvailable))
struct UserAdministrationTests {
    @Test("list accounts by e-mail, in pages, by role and by part of name or address")
    func list() async throws {
        try await withAuth { auth in
            let admin = try await auth.account(.admin, email: "zoe@example.org")
            for name in ["carl", "anna", "Bert"] { _ = try await auth.account(email: "\(name)@example.org") }
            _ = try await auth.account(.teacher, email: "100%_sure@example.org")

            func emails(_ query: String) async throws -> [String?] {
                try await auth.send(.get, "/auth/users?\(query)", token: admin.accessToken)
                    .items.map { $0["email"].string }
            }
            #expect(
                try await emails("") == [
                    "100%_sure@example.org", "anna@example.org", "Bert@example.org", "carl@example.org",
                    "zoe@example.org",
                ])
            #expect(try await emails("role=admin") == ["zoe@example.org"])
            #expect(try await emails("q=BERT") == ["Bert@example.org"])
            #expect(try await emails("q=%25_") == ["100%_sure@example.org"])
            #expect(try await emails("q='%20OR%201=1") == [])
            #expect(try await emails("q=example&role=student&limit=2") == ["anna@example.org", "Bert@example.org"])

            let first = try await auth.send(.get, "/auth/users?limit=3&count=exact", token: admin.accessToken)
            #expect(first["total"] == .integer(5))
            let cursor = try #require(first["next_cursor"].string)
            _ = try await auth.account(email: "aaron@example.org")
            #expect(try await emails("limit=3&cursor=\(cursor)") == ["carl@example.org", "zoe@example.org"])
        }
    }

    @Test("are told what is wrong with a query")
    func badQueries() async throws {
        try await withAuth { auth in
            let admin = try await auth.account(.admin)
            for query in ["role=king", "limit=0", "limit=101", "limit=x", "cursor=x", "count=roughly"] {
                let answer = try await auth.send(.get, "/auth/users?\(query)", token: admin.accessToken)
                #expect(answer.status == .unprocessableContent, "\(query)")
            }
            let sessions = try await auth.send(.get, "/auth/audit?limit=1", token: admin.accessToken)
            let cursor = try #require(sessions["next_cursor"].string)
            let answer = try await auth.send(.get, "/auth/users?cursor=\(cursor)", token: admin.accessToken)
            #expect(answer.invalidFields == ["cursor"])
        }
    }

    @Test("make accounts of any role, with or without a password")
    func create() async throws {
        try await withAuth { auth in
            let admin = try await auth.account(.admin)
            let made = try await auth.post(
                "/auth/users",
                ["email": "teo@example.org", "password": "seven brown owls", "role": "teacher", "display_name": "Teo"],
                token: admin.accessToken)
            #expect(made.status == .created)
            #expect(made["role"] == "teacher")
            let path = try #require(made.headers[.location])
            let read = try await auth.send(.get, path, token: admin.accessToken)
            #expect(read.body == made.body)
            #expect(read.etag == made.etag)
            #expect(try await auth.logIn("teo@example.org").status == .ok)
            let again = try await auth.post(
                "/auth/users", ["email": "TEO@example.org", "role": "student"], token: admin.accessToken)
            #expect(again.status == .conflict)
            let bare = try await auth.post(
                "/auth/users", ["email": "una@example.org", "role": "student"], token: admin.accessToken)
            #expect(bare.status == .created)
            #expect(try await auth.logIn("una@example.org").status == .unauthorized)
            let wrong = try await auth.post(
                "/auth/users", ["email": "x", "role": "king", "password": "short"], token: admin.accessToken)
            #expect(wrong.invalidFields == ["email", "role", "password"])
        }
    }

    @Test("disable: every token ends at once, login is refused as if the password were wrong, and enabling restores")
    func disable() async throws {
        try await withAuth { auth in
            let admin = try await auth.account(.admin)
            let user = try await auth.account()
            let path = "/auth/users/\(user.id)"
            let tag = try await auth.send(.get, path, token: admin.accessToken).etag
            let disabled = try await auth.patch(
                path, ["disabled": .bool(true)], token: admin.accessToken, match: tag)
            #expect(disabled["disabled"] == .bool(true))
            #expect(try await auth.send(.get, "/auth/sessions", token: user.accessToken).status == .unauthorized)
            #expect(try await auth.refresh(user.refreshToken).status == .unauthorized)
            #expect(try await auth.logIn(user.email).status == .unauthorized)
            let enabled = try await auth.patch(
                path, ["disabled": .bool(false)], token: admin.accessToken, match: disabled.etag)
            #expect(enabled["disabled"] == .bool(false))
            let again = try Account(try await auth.logIn(user.email))
            #expect(try await auth.send(.get, "/auth/me", token: again.accessToken).status == .ok)
            #expect(try await auth.refresh(user.refreshToken).status == .unauthorized)
        }
    }

    @Test("change a role: tokens of the old one end, and a refresh in the same second gives one of the new")
    func changeRole() async throws {
        try await withAuth { auth in
            let admin = try await auth.account(.admin)
            var user = try await auth.account(.teacher)
            let path = "/auth/users/\(user.id)"
            for role in [Role.student, .teacher, .admin, .student] {
                let tag = try await auth.send(.get, path, token: admin.accessToken).etag
                let changed = try await auth.patch(
                    path, ["role": .string(role.rawValue)], token: admin.accessToken, match: tag)
                #expect(changed["role"] == .string(role.rawValue))
                #expect(try await auth.send(.get, "/auth/me", token: user.accessToken).status == .unauthorized)
                user = try Account(try await auth.refresh(user.refreshToken))
                #expect(user.claims.role == role)
                #expect(try await auth.send(.get, "/auth/me", token: user.accessToken).status == .ok)
            }
        }
    }

    @Test("change what they have seen only")
    func optimisticLocking() async throws {
        try await withAuth { auth in
            let admin = try await auth.account(.admin)
            let user = try await auth.account()
            let path = "/auth/users/\(user.id)"
            let tag = try await auth.send(.get, path, token: admin.accessToken).etag
            let name: [String: JSONValue] = ["display_name": "Mira"]
            #expect(
                try await auth.patch(path, name, token: admin.accessToken, match: nil).status == .preconditionRequired)
            #expect(try await auth.patch(path, name, token: admin.accessToken, match: tag).status == .ok)
            #expect(
                try await auth.patch(path, name, token: admin.accessToken, match: tag).status == .preconditionFailed)
            let delete = try await auth.send(
                .delete, path, token: admin.accessToken, headers: [.ifMatch: tag ?? ""])
            #expect(delete.status == .preconditionFailed)
        }
    }

    @Test("delete an account, and its tokens with it")
    func delete() async throws {
        try await withAuth { auth in
            let admin = try await auth.account(.admin)
            let user = try await auth.account()
            let path = "/auth/users/\(user.id)"
            #expect(try await auth.send(.delete, path, token: admin.accessToken).status == .noContent)
            #expect(try await auth.send(.get, path, token: admin.accessToken).status == .notFound)
            #expect(try await auth.send(.delete, path, token: admin.accessToken).status == .notFound)
            #expect(try await auth.send(.get, "/auth/sessions", token: user.accessToken).status == .unauthorized)
            #expect(try await auth.refresh(user.refreshToken).status == .unauthorized)
            #expect(try await auth.logIn(user.email).status == .unauthorized)
            #expect(try await auth.send(.get, "/auth/users/x", token: admin.accessToken).status == .notFound)
        }
    }

    @Test("can't disable, demote or delete themselves")
    func protectsSelf() async throws {
        try await withAuth { auth in
            let admin = try await auth.account(.admin)
            let path = "/auth/users/\(admin.id)"
            let tag = try await auth.send(.get, path, token: admin.accessToken).etag
            for change: [String: JSONValue] in [["role": "teacher"], ["disabled": .bool(true)]] {
                #expect(try await auth.patch(path, change, token: admin.accessToken, match: tag).status == .conflict)
            }
            #expect(try await auth.send(.delete, path, token: admin.accessToken).status == .conflict)
            let renamed = try await auth.patch(
                path, ["display_name": "Ada", "role": "admin"], token: admin.accessToken, match: tag)
            #expect(renamed.status == .ok)
            #expect(try await auth.send(.get, "/auth/me", token: admin.accessToken).status == .ok)
        }
    }

    @Test("who demote each other at once leave one administrator", arguments: 0..<3)
    func mutualDemotion(round: Int) async throws {
        try await withAuth { auth in
            let one = try await auth.account(.admin)
            let other = try await auth.account(.admin)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (actor, target) in [(one, other), (other, one)] {
                    group.addTask {
                        let path = "/auth/users/\(target.id)"
                        let change = #"{"role":"student"}"#
                        let answer = try await auth.send(
                            .patch, path, token: actor.accessToken, headers: [.ifMatch: "*"], body: change)
                        #expect([200, 401, 403, 412].contains(answer.status.code))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await auth.count("SELECT count(*) FROM users WHERE role = 'admin'") == 1)
        }
    }
}
