import HTTPTypes
import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Media

@Suite("The demonstration files", .enabled(if: TestDatabase.isAvailable))
struct SeedTests {
    @Test("are put in place once, and are what their names say")
    func twice() async throws {
        try await withMedia(rules: Intake.Rules(maximumSize: 10 << 20, allowedTypes: Set(ContentTypes.usual))) {
            media in
            let catalogue = PostgresCatalogue(database: media.database)
            for _ in 0..<2 {
                try await media.library.addDemoFiles(except: catalogue.present(of: DemoFile.all.map(\.id)))
            }
            #expect(try media.storedFiles().count == DemoFile.all.count)
            let endings = [
                "image/png": ".png", "image/svg+xml": ".svg", "application/pdf": ".pdf", "audio/wav": ".wav",
                "text/vtt": ".vtt", "text/plain": ".txt",
            ]
            for demo in DemoFile.all {
                let item = try #require(try await catalogue.item(demo.id))
                #expect(item.ownerID == DemoData.teacher.id)
                #expect(demo.details.filename.hasSuffix(endings[item.file.contentType] ?? "?"))
            }
            #expect(try await media.database.query("SELECT position FROM outbox").isEmpty)
        }
    }

    @Test("do not come back once they were deleted")
    func deleted() async throws {
        try await withMedia(rules: Intake.Rules(maximumSize: 10 << 20, allowedTypes: Set(ContentTypes.usual))) {
            media in
            let catalogue = PostgresCatalogue(database: media.database)
            try await media.library.addDemoFiles(except: [])
            let item = try #require(try await catalogue.item(DemoFile.all[0].id))
            try await catalogue.delete(item, onlyThisVersion: true)
            try await media.library.addDemoFiles(except: catalogue.present(of: DemoFile.all.map(\.id)))
            #expect(try await catalogue.item(item.id) == nil)
        }
    }
}
