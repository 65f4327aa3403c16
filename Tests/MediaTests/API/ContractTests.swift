import PostgresTesting
import ServiceKitTesting
import Testing

@testable import Media

@Suite("The contract", .enabled(if: TestDatabase.isAvailable))
struct ContractTests {
    @Test("covers exactly the routes")
    func routes() async throws {
        try await withMedia { media in
            let contract = try Contract(PackageResources.openapi_yaml)
            #expect(contract.differences(from: MediaService.routes(media.library)) == [])
        }
    }
}
