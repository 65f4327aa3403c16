import Hummingbird
import NIOConcurrencyHelpers
import NIOCore
import PostgresTesting
import ServiceKit
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct ExportTests {
    @Test func `What is exported and loaded into an empty place is the same again`() async throws {
        try await ContentFixture.run { fixture async throws in
            try await ContentSeed(
                knowledge: KnowledgeStore(database: fixture.database, outbox: ContentService.outbox),
                chapters: ChapterStore(database: fixture.database, outbox: ContentService.outbox),
                content: ContentStore(database: fixture.database, outbox: ContentService.outbox),
                graph: PostgresGraph(database: fixture.database)
            ).run()
            let knowledge = try await fixture.knowledge("a")
            try await fixture.content(knowledge, "a", "ar", title: "e\u{301} \u{E9}", body: "\u{202B}<&\"\\\n\t\u{1}")
            let odd = JSONValue.object([
                "knowledge_id": .integer(Int64(knowledge)), "chapter_id": .string("a"), "language": .string("th"),
                "content_type": .string("x"), "title": .string("T"), "body": .string("<p>x</p>"),
                "format": .string("html"),
                "metadata": .object(["a": .array([.null, .number(1.5), .string("\u{0B}é")])]),
                "publish_at": .string("2090-01-02T03:04:05.678Z"),
            ])
            #expect(try await fixture.teacher.post("/content", odd.text).status == .created)

            let first = try await fixture.teacher.get("/content/export", headers: [.accept: "application/x-ndjson"])
            #expect(first.status == .ok)
            #expect(first.headers[.contentType] == "application/x-ndjson")
            let lines = first.text.split(separator: "\n")
            #expect(lines.count == 66)
            let unchanged = try await fixture.teacher.bulk(ByteBuffer(bytes: first.bytes))
            #expect(unchanged["unchanged"].int == 66)
            try await fixture.database.query("DELETE FROM edtech_content")
            #expect(try await fixture.teacher.bulk(ByteBuffer(bytes: first.bytes))["inserted"].int == 66)
            #expect(try await fixture.teacher.get("/content/export").bytes == first.bytes)
        }
    }

    @Test(arguments: [
        ("html", #"\u0026"#, 170_000), ("plain", #"\b"#, 500_000), ("plain", "\u{7F}", 1_048_000),
        ("markdown", #"\u0001"#, 170_000),
    ])
    func `A text as long as it can be is exported and loaded as it is`(
        format: String, character: String, count: Int
    ) async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let body = String(repeating: character, count: count)
            let made = try await fixture.teacher.post(
                "/content",
                #"{"knowledge_id":\#(knowledge),"chapter_id":"a","language":"en","content_type":"l","title":"T","#
                    + #""format":"\#(format)","body":"\#(body)"}"#)
            #expect(made.status == .created, "\(made.text.prefix(200))")
            try await reload(fixture)
        }
    }

    @Test(arguments: [
        "[" + String(repeating: "0,", count: 32_000) + "0]", "[" + String(repeating: "1e300,", count: 200) + "0]",
    ])
    func `Metadata as long as it can be is exported and loaded as it is`(value: String) async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let made = try await fixture.teacher.bulk(
                #"{"knowledge_id":\#(knowledge),"chapter_id":"a","language":"en","content_type":"l","title":"T","body":"B","#
                    + #""metadata":{"a":\#(value)}}"#)
            #expect(made["inserted"].int == 1, "\(made.text.prefix(200))")
            try await reload(fixture)
        }
    }

    @Test func `Metadata that grows when it is kept is measured by what it grows to`() {
        #expect(JSONObjectText.fault(in: #"{"a":[\#(String(repeating: "1e300,", count: 1_000))0]}"#) != nil)
        #expect(JSONObjectText.size(of: #"{ "a b\" e9": [true, 1e3, 2E-2, false] }"#) == 34 + 5)
    }

    /// Deletes all that is there and loads its export.
    private func reload(_ fixture: ContentFixture) async throws {
        let export = try await fixture.teacher.get("/content/export").bytes
        #expect(try await fixture.teacher.bulk(ByteBuffer(bytes: export))["unchanged"].int == 1)
        try await fixture.database.query("DELETE FROM edtech_content")
        let loaded = try await fixture.teacher.bulk(ByteBuffer(bytes: export))
        #expect(loaded["inserted"].int == 1, "\(loaded.text.prefix(200))")
        #expect(try await fixture.teacher.get("/content/export").bytes == export)
    }

    @Test func `Loading an export takes a schedule away that came after it`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a", status: "draft")
            let export = try await fixture.teacher.get("/content/export").bytes
            let scheduled = try await fixture.teacher.patch(
                "/content/\(item["id"].int ?? 0)", #"{"publish_at": "2090-01-02T03:04:05Z"}"#, match: item.etag)
            #expect(scheduled["publish_at"].string == "2090-01-02T03:04:05.000Z")
            #expect(try await fixture.teacher.bulk(ByteBuffer(bytes: export))["updated"].int == 1)
            #expect(try await fixture.teacher.get("/content/export").bytes == export)
            #expect(try await fixture.teacher.bulk(ByteBuffer(bytes: export))["unchanged"].int == 1)
        }
    }

    @Test func `An export goes past its pages, and has what its filters ask for`() async throws {
        try await ContentFixture.run { fixture async throws in
            let (one, two) = (try await fixture.knowledge("a"), try await fixture.knowledge("a"))
            try await fixture.database.query(
                """
                INSERT INTO edtech_content (
                       knowledge_id, chapter_id, language, content_type, title, body, format, status, created_by,
                       updated_by)
                SELECT $1, 'a', 'en', 't' || n, 'T', repeat('x', 20000), 'plain', 'published', $2, $2
                  FROM generate_series(1, 1100) AS n
                """, [one, fixture.teacherID.rawValue])
            try await fixture.content(two, "a", "de", status: "draft")
            func types(_ query: String) async throws -> [Substring] {
                try await fixture.teacher.get("/content/export" + query).text.split(separator: "\n")
            }
            #expect(try await types("").count == 1_101)
            #expect(try await types("?knowledge_id=\(two)").count == 1)
            #expect(try await types("?language=de&status=draft&chapter_id=a&content_type=lesson").count == 1)
            #expect(try await types("?status=published&knowledge_id=\(two)").isEmpty)
            #expect(try await fixture.teacher.get("/content/export?status=x").faultyFields == ["status"])
            let wrongType = try await fixture.teacher.get("/content/export", headers: [.accept: "application/json"])
            #expect(wrongType.status == .notAcceptable)
        }
    }

    @Test func `An export of long texts holds few of them at a time`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let length = 1 << 20
            try await fixture.database.query(
                """
                INSERT INTO edtech_content (
                       knowledge_id, chapter_id, language, content_type, title, body, format, status, created_by,
                       updated_by)
                SELECT $1, 'a', 'en', 't' || n, 'T', repeat('x', $3), 'plain', 'published', $2, $2
                  FROM generate_series(1, 30) AS n
                """, [knowledge, fixture.teacherID.rawValue, length])
            let store = ContentStore(database: fixture.database, outbox: ContentService.outbox)
            let everything = ContentFilter(seesDrafts: true)
            let read = try await store.list(everything, PageRequest(limit: ContentExport.pageLimit)).items
            #expect(read.count * length <= ContentSlice.maximumBytes + length)

            let sizes = NIOLockedValueBox<[Int]>([])
            var writer: any ResponseBodyWriter = SizesWriter(sizes: sizes)
            try await ContentExport(of: everything, from: store).write(to: &writer)
            let written = sizes.withLockedValue { $0 }
            #expect(written.count == 30)
            #expect(written.allSatisfy { $0 < length + ContentExport.chunk })
        }
    }
}

private struct SizesWriter: ResponseBodyWriter {
    let sizes: NIOLockedValueBox<[Int]>

    mutating func write(_ buffer: ByteBuffer) {
        sizes.withLockedValue { $0.append(buffer.readableBytes) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) {}
}
