import FoundationEssentials
import HTTPTypes
import NIOCore
import Postgres
import PostgresTesting
import ServiceKit
import Testing
import WireProtocol

@testable import Media

@Suite("When a part fails", .enabled(if: TestDatabase.isAvailable))
struct FailureTests {
    @Test("a full store is told to the client, and nothing is left behind")
    func fullStore() async throws {
        try await withMedia(objects: { StandInStore(base: $0, writeError: .full) }) { media in
            let answer = try await media.upload(TestForm().file(Array("text".utf8)), token: media.token())
            #expect(answer.status == .serviceUnavailable && answer.headers[.retryAfter] != nil)
            #expect(try media.storedFiles().isEmpty)
            #expect(try await media.database.query("SELECT id FROM media").isEmpty)
        }
    }

    @Test("a refused row takes its bytes along")
    func refusedRow() async throws {
        try await withMedia(catalogue: { FailingCatalogue(base: $0, error: PostgresError.overloaded) }) { media in
            let answer = try await media.upload(TestForm().file(Array("text".utf8)), token: media.token())
            #expect(answer.status == .serviceUnavailable)
            #expect(try media.storedFiles().isEmpty)
        }
    }

    @Test("bytes whose row may have been committed stay, for maintenance to decide")
    func unknownOutcome() async throws {
        let lost = CatalogueOutcomeUnknown(cause: PostgresError.connection("lost"))
        try await withMedia(catalogue: { FailingCatalogue(base: $0, error: lost) }) { media in
            let answer = try await media.upload(TestForm().file(Array("text".utf8)), token: media.token())
            #expect(answer.status == .serviceUnavailable)
            #expect(try media.storedFiles().count == 1)
        }
    }

    @Test("readiness says which")
    func readiness() async throws {
        try await withMedia(objects: { StandInStore(base: $0, writeError: .full) }) { media in
            let answer = try await media.call(.get, "/ready")
            #expect(answer.status == .serviceUnavailable)
            let dependencies = try answer.decoded(Readiness.self).dependencies
            #expect(dependencies["store"]?.status == .down && dependencies["postgres"]?.status == .ok)
        }
    }
}

/// A catalogue that takes no files.
private struct FailingCatalogue: MediaCatalogue {
    let base: any MediaCatalogue
    let error: any Error

    func add(_ new: NewMedia) async throws -> Addition { throw error }
    func item(_ id: Identifier) async throws -> MediaItem? { try await base.item(id) }
    func items(_ filter: MediaFilter, limit: Int, after: MediaPosition?) async throws -> [MediaItem] {
        try await base.items(filter, limit: limit, after: after)
    }
    func count(_ filter: MediaFilter) async throws -> Int { try await base.count(filter) }
    func change(_ item: MediaItem, to details: MediaDetails) async throws -> MediaItem {
        try await base.change(item, to: details)
    }
    func delete(_ item: MediaItem, onlyThisVersion: Bool) async throws {
        try await base.delete(item, onlyThisVersion: onlyThisVersion)
    }
}
