import PostgresTesting
import ServiceKitTesting
import Testing

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct ContractTests {
    @Test func `Routes and openapi.yaml are the same`() async throws {
        try await ContentFixture.run { fixture async throws in
            let contract = try Contract(ContentService.contract)
            let routes = ContentService.routes(
                fixture.database, graph: PostgresGraph(database: fixture.database), progress: FixedProgress(),
                maximumBulkBytes: 1_000)
            #expect(contract.differences(from: routes) == [])
        }
    }
}
