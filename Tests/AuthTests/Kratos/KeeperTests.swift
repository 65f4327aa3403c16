import HTTPTypes
import NIOHTTP1
import PostgresTesting
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Auth

/// What holds wherever accounts are kept.
@Suite("Accounts, whoever keeps them", .enabled(if: TestDatabase.isAvailable))
struct KeeperTests {
    @Test("are made by signing up, once per address", arguments: Keeper.available)
    func signUp(keeper: Keeper) async throws {
        try await withAuth(keptBy: keeper) { auth in
            let email = "\(Identifier())@Example.org"
            let fields: [String: JSONValue] = [
                "email": .string(email), "password": .string(AuthFixture.password), "display_name": "Mira",
            ]
            let answer = try await auth.post("/auth/signup", fields)
            #expect(answer.status == .created)
            #expect(answer["user"]["display_name"] == "Mira")
            #expect(answer["user"]["role"] == "student")
            let account = try Account(answer)
            #expect(try await auth.send(.get, "/auth/me", token: account.accessToken)["email"] == .string(email))
            #expect(try await auth.refresh(account.refreshToken).status == .ok)
            var again = fields
            again["email"] = .string(email.lowercased())
            #expect(try await auth.post("/auth/signup", again).status == .conflict)
        }
    }

    @Test("are opened by the right password, and by nothing else, without a word why", arguments: Keeper.available)
    func logIn(keeper: Keeper) async throws {
        try await withAuth(keptBy: keeper) { auth in
            let account = try await auth.account()
            let answer = try await auth.logIn(account.email.uppercased())
            #expect(answer.status == .ok)
            #expect(answer["user"]["id"] == .string(account.id.description))
            let wrong = try await auth.logIn(account.email, "wrong password")
            let unknown = try await auth.logIn("\(Identifier())@example.org")
            #expect(wrong.status == .unauthorized)
            #expect(wrong.problem == unknown.problem)
        }
    }

    @Test("get a new password for the old one, which ends every other session", arguments: Keeper.available)
    func changePassword(keeper: Keeper) async throws {
        try await withAuth(keptBy: keeper) { auth in
            let here = try await auth.account()
            let elsewhere = try Account(try await auth.logIn(here.email))
            func change(_ current: String) async throws -> Answer {
                try await auth.post(
                    "/auth/password/change",
                    ["current_password": .string(current), "password": "eight white swans"], token: here.accessToken)
            }
            let refused = try await change("wrong password")
            #expect(refused.status == .unprocessableContent)
            #expect(refused.invalidFields == ["current_password"])
            #expect(try await change(AuthFixture.password).status == .noContent)
            #expect(try await auth.refresh(here.refreshToken).status == .ok)
            #expect(try await auth.refresh(elsewhere.refreshToken).status == .unauthorized)
            #expect(try await auth.logIn(here.email).status == .unauthorized)
            #expect(try await auth.logIn(here.email, "eight white swans").status == .ok)
        }
    }

    @Test("get a new password by a link from a mail, once, which ends every session", arguments: Keeper.available)
    func recover(keeper: Keeper) async throws {
        try await withAuth(keptBy: keeper) { auth in
            let account = try await auth.account()
            let token = try await auth.resetToken(account.email)
            #expect(try await auth.reset(token).status == .noContent)
            #expect(try await auth.refresh(account.refreshToken).status == .unauthorized)
            #expect(try await auth.logIn(account.email).status == .unauthorized)
            #expect(try await auth.logIn(account.email, "eight white swans").status == .ok)
            #expect(try await auth.reset(token, "nine grey geese").status == .unprocessableContent)
            #expect(try await auth.logIn(account.email, "eight white swans").status == .ok)
            if keeper == .kratos {
                #expect(try await KratosStandIn.running.sessions(of: account.id.description) == 0)
            }
        }
    }

    @Test("have an address that is verified by a link from a mail, and stays so", arguments: Keeper.available)
    func verify(keeper: Keeper) async throws {
        try await withAuth(keptBy: keeper) { auth in
            let account = try await auth.account()
            #expect(try await auth.logIn(account.email)["user"]["email_verified"] == .bool(false))
            let token = try await auth.mail(to: account.email, "/verify-email").token
            #expect(try await auth.verify(token).status == .noContent)
            #expect(try await auth.logIn(account.email)["user"]["email_verified"] == .bool(true))
        }
    }

    @Test("that are disabled are shut, and open again when they are not", arguments: Keeper.available)
    func disable(keeper: Keeper) async throws {
        try await withAuth(keptBy: keeper) { auth in
            let admin = try await auth.administrator()
            let account = try await auth.account()
            #expect(try await auth.change(account, ["disabled": .bool(true)], by: admin).status == .ok)
            #expect(try await auth.send(.get, "/auth/me", token: account.accessToken).status == .unauthorized)
            #expect(try await auth.refresh(account.refreshToken).status == .unauthorized)
            let refused = try await auth.logIn(account.email)
            #expect(refused.status == .unauthorized)
            #expect(refused.problem == (try await auth.logIn("\(Identifier())@example.org")).problem)
            #expect(try await auth.change(account, ["disabled": .bool(false)], by: admin).status == .ok)
            try await eventually { try await auth.logIn(account.email).status == .ok }
        }
    }

    @Test("keep name and role that were changed here over the next login", arguments: Keeper.available)
    func changes(keeper: Keeper) async throws {
        try await withAuth(keptBy: keeper) { auth in
            let admin = try await auth.administrator()
            let account = try await auth.account()
            let tag = try await auth.send(.get, "/auth/me", token: account.accessToken).etag
            let named = try await auth.patch(
                "/auth/me", ["display_name": "Mira"], token: account.accessToken, match: tag)
            #expect(named.status == .ok)
            #expect(try await auth.change(account, ["role": "teacher"], by: admin).status == .ok)
            let again = try await auth.logIn(account.email)
            #expect(again["user"]["display_name"] == "Mira")
            #expect(again["user"]["role"] == "teacher")
            let cleared = try await auth.patch(
                "/auth/me", ["display_name": .null], token: try Account(again).accessToken,
                match: try await auth.send(.get, "/auth/me", token: try Account(again).accessToken).etag)
            #expect(cleared["display_name"] == .null)
            #expect(try await auth.logIn(account.email)["user"]["display_name"] == .null)
        }
    }

    @Test("made by an administrator are opened by the password that was given", arguments: Keeper.available)
    func create(keeper: Keeper) async throws {
        try await withAuth(keptBy: keeper) { auth in
            let admin = try await auth.administrator()
            let email = "\(Identifier())@example.org"
            let fields: [String: JSONValue] = [
                "email": .string(email), "password": .string(AuthFixture.password), "role": "teacher",
            ]
            let made = try await auth.post("/auth/users", fields, token: admin.accessToken)
            #expect(made.status == .created)
            #expect(try await auth.post("/auth/users", fields, token: admin.accessToken).status == .conflict)
            let opened = try await auth.logIn(email)
            #expect(opened["user"]["id"] == made["id"])
            #expect(opened["user"]["role"] == "teacher")
        }
    }

    @Test("that are deleted leave their address to others", arguments: Keeper.available)
    func delete(keeper: Keeper) async throws {
        try await withAuth(keptBy: keeper) { auth in
            let account = try await auth.account()
            let wrong = try await auth.send(
                .delete, "/auth/me", token: account.accessToken, body: #"{"current_password":"wrong password"}"#)
            #expect(wrong.status == .unprocessableContent)
            let gone = try await auth.send(
                .delete, "/auth/me", token: account.accessToken,
                body: #"{"current_password":"\#(AuthFixture.password)"}"#)
            #expect(gone.status == .noContent)
            #expect(try await auth.logIn(account.email).status == .unauthorized)
            let fields: [String: JSONValue] = [
                "email": .string(account.email), "password": .string(AuthFixture.password),
            ]
            try await eventually { try await auth.post("/auth/signup", fields).status == .created }
            #expect(try await auth.logIn(account.email)["user"]["id"] != .string(account.id.description))
        }
    }
}

extension AuthFixture {
    /// An administrator whom only auth knows, whoever keeps the other accounts.
    func administrator() async throws -> Account {
        let account = try await account()
        if settings.kratos == nil {
            try await database.query("UPDATE users SET role = 'admin' WHERE id = $1", [account.id.rawValue])
        } else {
            let kratos = try await KratosStandIn.running
            _ = try await kratos.call(
                "/admin/identities/\(account.id)", .PATCH,
                .array([
                    .object(["op": "add", "path": "/metadata_public", "value": .object(["role": "admin"])])
                ]))
        }
        return try Account(try await logIn(account.email))
    }

    func change(_ account: Account, _ fields: [String: JSONValue], by admin: Account) async throws -> Answer {
        let path = "/auth/users/\(account.id)"
        let tag = try await send(.get, path, token: admin.accessToken).etag
        return try await patch(path, fields, token: admin.accessToken, match: tag)
    }
}
