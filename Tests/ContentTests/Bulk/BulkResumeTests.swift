import HTTPTypes
import NIOCore
import PostgresTesting
import ServiceKit
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct BulkResumeTests {
    private struct Cut: Error {}

    private static func line(_ knowledge: Int, _ type: String, body: String = "B") -> String {
        JSONValue.object([
            "knowledge_id": .integer(Int64(knowledge)), "chapter_id": .string("a"), "language": .string("en"),
            "content_type": .string(type), "title": .string("T"), "body": .string(body),
            "status": .string("published"),
        ]).text + "\n"
    }

    private func load(_ fixture: ContentFixture, key: String, _ lines: String...) async throws -> Answer {
        try await fixture.teacher.call(
            .post, "/content/bulk", lines.joined(),
            headers: [.contentType: "application/x-ndjson", .idempotencyKey: key])
    }

    private func count(_ fixture: ContentFixture) async throws -> Int? {
        try await fixture.teacher.get("/content?count=exact&limit=1")["total"].int
    }

    @Test func `A load that was cut off goes on where it stopped, and answers for the whole file`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let body = String(repeating: "x", count: 200_000)
            let load = BulkLoad(
                store: ContentService.bulkStore(fixture.database), author: fixture.teacherID, key: "k",
                maximumBytes: .max)
            let lines = { @Sendable (number: Int) in
                number % 50 == 7 ? "broken\n" : Self.line(knowledge, "t\(number)", body: body)
            }
            await #expect(throws: Cut.self) {
                try await load.run(
                    BulkSource(count: 140) { number in
                        if number == 130 { throw Cut() }
                        return lines(number)
                    })
            }
            let kept = try #require(try await count(fixture))
            #expect((1..<137).contains(kept))
            try await fixture.forgetEvents()
            let report = try await load.run(BulkSource(count: 140, line: lines))
            #expect(report.inserted == 137)
            #expect(report.unchanged == 0)
            #expect(report.failed.map(\.line) == [7, 57, 107])
            #expect(try await count(fixture) == 137)
            #expect(try await fixture.events().count == 137 - kept + 1)
            #expect(try await load.run(BulkSource(count: 140, line: lines)) == report)
            #expect(try await fixture.events().count == 137 - kept + 1)
        }
    }

    @Test func `The same key brings the same answer for the same file only`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let (one, two) = (Self.line(knowledge, "one"), Self.line(knowledge, "two"))
            let first = try await load(fixture, key: "k", one, two, "bad\n")
            #expect(first["inserted"].int == 2)
            #expect(try await load(fixture, key: "k", one, two, "bad\n").json == first.json)
            for other in [[two, one, "bad\n"], [one, two], [one, two, "bad\n", "more\n"], [one, two, "Bad\n"], []] {
                let answer = try await fixture.teacher.call(
                    .post, "/content/bulk", other.joined(),
                    headers: [.contentType: "application/x-ndjson", .idempotencyKey: "k"])
                #expect(answer.status == .unprocessableContent)
                #expect(answer.faultyFields == ["Idempotency-Key"])
            }
            #expect(try await load(fixture, key: "l", one, two)["unchanged"].int == 2)
            let other = try await fixture.admin.call(
                .post, "/content/bulk", one, headers: [.contentType: "application/x-ndjson", .idempotencyKey: "k"])
            #expect(other["unchanged"].int == 1)
            #expect(
                try await load(fixture, key: String(repeating: "k", count: 201), one).status == .unprocessableContent)
        }
    }

    @Test func `After a day a key is forgotten`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            _ = try await load(fixture, key: "k", Self.line(knowledge, "one"))
            try await fixture.database.query("UPDATE bulk_loads SET created_at = now() - interval '25 hours'")
            #expect(try await load(fixture, key: "k", Self.line(knowledge, "two"))["inserted"].int == 1)
            try await fixture.database.query("UPDATE bulk_loads SET created_at = now() - interval '25 hours'")
            try await ContentService.bulkStore(fixture.database).ledger.deleteExpired()
            #expect(try await fixture.database.query("SELECT FROM bulk_loads").isEmpty)
        }
    }

    @Test func `Of two requests with one key none undoes the other's books`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let lines = (1...200).map { Self.line(knowledge, "t\($0)") }.joined()
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 1...4 { group.addTask { try await load(fixture, key: "k", lines) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == .ok || $0.status == .conflict })
            let good = answers.filter { $0.status == .ok }
            #expect(good.allSatisfy { $0["inserted"].int == 200 } && !good.isEmpty)
            #expect(try await count(fixture) == 200)
        }
    }

    @Test func `Lines of what is there use up no ids`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            for body in ["1", "1", "2", "3"] {
                let lines = (1...50).map { Self.line(knowledge, "t\($0)", body: body) }.joined()
                _ = try await fixture.teacher.bulk(ByteBuffer(string: lines))
            }
            _ = try await fixture.teacher.bulk(Self.line(knowledge, "last"))
            let ids = try await fixture.database.query("SELECT max(id) FROM edtech_content")
            #expect(try ids.only?[0] == 51)
        }
    }
}
