import PostgresTesting
import ServiceKitTesting
import Testing

@testable import Media

@Suite("The contract", .enabled(if: TestDatabase.isAvailable))
struct ContractTests {
    @Test("covers exactly the routes")
    func routes() async throws {
        try await withMedia { media in
            let routes = MediaService.routes(
                media.library, media.database, MaintenanceRules(grace: .zero), media.signedURLs)
            let contract = try Contract(PackageResources.openapi_yaml)
            #expect(contract.differences(from: routes) == [])
        }
    }
}
