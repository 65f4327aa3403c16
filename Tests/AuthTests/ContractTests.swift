import Postgres
import PostgresTesting
import ServiceKitTesting
import Testing
import Yams

@testable import Auth

@Suite("The contract", .enabled(if: TestDatabase.isAvailable))
struct ContractTests {
    private func parts() throws -> AuthParts {
        let settings = try testSettings([:], schema: "none")
        let database = PostgresClient(settings.database.options(applicationName: "test"), logger: quietLogger)
        return AuthParts(settings, database: database, logger: quietLogger)
    }

    @Test("has the routes that the service has, and no others")
    func routes() throws {
        let contract = try Contract(PackageResources.openapi_yaml)
        #expect(contract.differences(from: try parts().routes) == [])
    }

    @Test("names every action of the audit log")
    func auditActions() throws {
        let yaml = String(decoding: PackageResources.openapi_yaml, as: UTF8.self)
        let root = try #require(try Yams.compose(yaml: yaml))
        let names = root["components"]?["schemas"]?["AuditAction"]?["enum"]?.array().compactMap(\.string)
        #expect(Set(names ?? []) == Set(AuditAction.allCases.map(\.rawValue)))
    }

    @Test("is complete in the table of who may call what")
    func matrixIsComplete() throws {
        #expect(Set(try parts().routes.map(\.operation)) == Set(AuthorisationTests.table.map(\.operation)))
    }
}
