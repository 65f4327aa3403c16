import Logging
import Postgres
import ServiceKitTesting
import Testing

@testable import Analytics

@Suite("The contract")
struct ContractTests {
    @Test("covers exactly the routes")
    func coversRoutes() throws {
        let database = PostgresClient(PostgresOptions(url: "postgres://nowhere"), logger: Fixture.quiet)
        let contract = try Contract(PackageResources.openapi_yaml)
        #expect(contract.differences(from: AnalyticsService.routes(database)) == [])
    }
}
