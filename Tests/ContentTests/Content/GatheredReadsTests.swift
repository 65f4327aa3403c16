import NIOConcurrencyHelpers
import Postgres
import PostgresTesting
import Testing

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct GatheredReadsTests {
    @Test func `Of many readers at once each gets what it asked for`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            var ids: [Int] = []
            for number in 0..<20 {
                let item = try await fixture.content(knowledge, "a", type: "t\(number)", title: "Title \(number)")
                ids.append(try #require(item["id"].int))
            }
            let draft = try await fixture.content(knowledge, "a", type: "draft", status: "draft")
            let hidden = [try #require(draft["id"].int), 0, -1, Int.max]
            let reads = GatheredReads(fixture.database)
            await withTaskGroup { group in
                for round in 0..<10 {
                    for (number, id) in ids.enumerated() {
                        group.addTask {
                            let item = try? await reads.item(id)
                            #expect(item?.id == id && item?.fields.title == "Title \(number)", "round \(round)")
                        }
                    }
                    for id in hidden {
                        group.addTask {
                            await #expect(throws: ContentError.noSuchContent) { try await reads.item(id) }
                        }
                    }
                }
            }
        }
    }

    @Test func `Many readers cost few queries`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a")
            let id = try #require(item["id"].int)
            let (gate, opener) = AsyncStream.makeStream(of: Never.self)
            let asked = NIOLockedValueBox(0)
            let reads = GatheredReads { [database = fixture.database] ids in
                // The first query lasts until the last reader has come.
                if asked.withLockedValue({
                    $0 += 1; return $0
                }) == 1 {
                    for await _ in gate {}
                }
                return try await database.query(GatheredReads.published, [ids])
            }
            try await withThrowingTaskGroup { group in
                for number in 1...200 {
                    group.addTask {
                        if number == 200 { opener.finish() }
                        return try await reads.item(id).id
                    }
                }
                for try await read in group { #expect(read == id) }
            }
            #expect(asked.withLockedValue { $0 } < 100)
        }
    }

    @Test func `A change that was acknowledged is in every read after it`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a")
            let id = try #require(item["id"].int)
            let reads = GatheredReads(fixture.database)
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask { while !Task.isCancelled { _ = try await reads.item(id) } }
                }
                for number in 1...50 {
                    try await fixture.database.query(
                        "UPDATE edtech_content SET title = $1 WHERE id = $2", ["Title \(number)", id])
                    #expect(try await reads.item(id).fields.title == "Title \(number)")
                }
                group.cancelAll()
            }
        }
    }

    @Test func `A reader that goes takes nothing from those who asked with it`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a")
            let id = try #require(item["id"].int)
            let reads = GatheredReads(fixture.database)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    let leaving = Task { try await reads.item(id) }
                    group.addTask { try await reads.item(id).id }
                    leaving.cancel()
                }
                for try await read in group { #expect(read == id) }
            }
        }
    }

    @Test func `When the database fails, all who asked hear of it; those who ask later are answered`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a")
            let id = try #require(item["id"].int)
            let reads = GatheredReads(fixture.database)
            try await fixture.database.query("ALTER TABLE edtech_content RENAME TO gone")
            await withTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask { await #expect(throws: PostgresError.self) { try await reads.item(id) } }
                }
            }
            try await fixture.database.query("ALTER TABLE gone RENAME TO edtech_content")
            #expect(try await reads.item(id).id == id)
        }
    }
}
