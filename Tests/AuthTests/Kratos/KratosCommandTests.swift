import PostgresTesting
import Testing
import WireProtocol

@testable import Auth

@Suite(
    "The operator's moves", .enabled(if: TestDatabase.isAvailable),
    .enabled(if: KratosStandIn.isAvailable, "needs Python with openapi-core and bcrypt: make test installs them"))
struct KratosCommandTests {
    @Test("bring accounts to Kratos and from there to another installation, and tell what came of it")
    func roundTrip() async throws {
        let kratos = try await KratosStandIn.launch()
        let (teacher, student) = try await withAuth { auth in
            let accounts = (try await auth.account(.teacher), try await auth.account())
            let there = try await auth.command("export", "kratos", "--url", kratos.url)
            #expect(there.status == 0, "\(there)")
            #expect(there.output == "2 moved, 0 there already, 0 with trouble\n")
            #expect(there.errors.contains("2 moved"))
            let again = try await auth.command("export", "kratos", "--url", kratos.url)
            #expect(again.output == "0 moved, 0 there already, 0 with trouble\n")
            return accounts
        }
        let foreign = try await KratosTests.identity(hash: "$argon2id$v=19$m=16,t=2,p=1$c2FsdA$aGFzaA", at: kratos)
        try await withAuth { auth in
            // As in the settings of a service, without --url.
            let here = try await auth.start(["import", "kratos"], environment: ["IDENTITY_URL": kratos.url]).outcome()
            #expect(here.status == 0, "\(here)")
            #expect(here.output.contains("\(foreign.id) its password is not hashed with bcrypt"))
            #expect(here.output.hasSuffix("3 moved, 0 there already, 1 with trouble\n"))
            let again = try await auth.command("import", "kratos", "--url", kratos.url)
            #expect(again.output == "0 moved, 3 there already, 0 with trouble\n")
            for account in [teacher, student] {
                let answer = try await auth.logIn(account.email)
                #expect(answer["user"]["id"] == .string(account.id.description))
                #expect(try Account(answer).claims.role == account.claims.role)
            }
            #expect(try await auth.logIn(foreign.email).status == .unauthorized)
        }
        #expect(try await kratos.violations() == .array([]))
    }

    @Test("say what is wrong when Kratos is not there, or not named", arguments: ["import", "export"])
    func refuse(move: String) async throws {
        try await withAuth { auth in
            _ = try await auth.account()
            for arguments in [[], ["--url", "http://127.0.0.1:9"]] {
                let unnamed = try await auth.command([move, "kratos"] + arguments)
                #expect(unnamed.status == 64, "\(unnamed)")
                #expect(unnamed.errors.contains("kratos+http://"))
            }
            let down = try await auth.command(
                move, "kratos", "--url", "kratos+http://127.0.0.1:9?admin=http://127.0.0.1:9")
            #expect(down.status == 75, "\(down)")
            #expect(down.errors.contains("run this again"))
            #expect(try await auth.count("SELECT count(*) FROM users WHERE identity_id IS NOT NULL") == 0)
        }
    }
}
