import FoundationEssentials
import HTTPTypes
import NIOConcurrencyHelpers
import NIOCore
import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct BulkTests {
    private func line(
        _ knowledge: Int, _ chapter: String = "a", _ language: String = "en", type: String = "lesson",
        title: String = "T", body: String = "B", more: [String: JSONValue] = ["status": .string("published")]
    ) -> String {
        let fields: [String: JSONValue] = [
            "knowledge_id": .integer(Int64(knowledge)), "chapter_id": .string(chapter), "language": .string(language),
            "content_type": .string(type), "title": .string(title), "body": .string(body),
        ]
        return JSONValue.object(fields.merging(more) { $1 }).text
    }

    private func counts(_ answer: Answer) -> [Int?] {
        [answer["inserted"].int, answer["updated"].int, answer["unchanged"].int, answer["failed"].elements.count]
    }

    @Test func `Lines are inserted, then unchanged, then updated where they differ`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a", "b")
            let lines = [
                line(knowledge), line(knowledge, "b", "PT-br"),
                line(knowledge, "b", "ar", title: "عنوان", body: "نص\n\"\\\t"),
            ]
            let first = try await fixture.teacher.bulk(ByteBuffer(string: lines.joined(separator: "\n") + "\n"))
            #expect(first.status == .ok)
            #expect(counts(first) == [3, 0, 0, 0])
            let again = try await fixture.teacher.bulk(ByteBuffer(string: lines.joined(separator: "\r\n\n")))
            #expect(counts(again) == [0, 0, 3, 0])
            let changed = try await fixture.teacher.bulk(
                lines[0], lines[1], line(knowledge, "b", "ar", title: "عنوان", body: "آخر"))
            #expect(counts(changed) == [0, 1, 2, 0])
            let items = try await fixture.anyone.get("/content").items
            #expect(items.map { $0["version"].int } == [1, 1, 2])
            #expect(items.map { $0["language"].string } == ["en", "pt-BR", "ar"])
            #expect(items[2]["body"].string == "آخر")
            let versions = try await fixture.teacher.get("/content/\(items[2]["id"].int ?? 0)/versions/1")
            #expect(versions["body"].string == "نص\n\"\\\t")
        }
    }

    @Test func `Bad lines are told by number and field, and the others go in`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let answer = try await fixture.teacher.bulk(
                line(knowledge), "{broken", "", line(99), line(knowledge, "none"),
                line(knowledge, "a", "en", type: "quiz"),
                line(knowledge, "a", "not a language"), #"{"knowledge_id": \#(knowledge)}"#)
            #expect(answer.status == .ok)
            #expect(counts(answer) == [2, 0, 0, 5])
            let failed = answer["failed"].elements
            #expect(failed.map { $0["line"].int } == [2, 4, 5, 7, 8])
            #expect(
                failed.map { $0["errors"].elements.compactMap { $0["field"].string } } == [
                    ["line"], ["knowledge_id"], ["chapter_id"], ["language"],
                    ["chapter_id", "language", "content_type", "title", "body"],
                ])
        }
    }

    @Test(arguments: [
        (#""metadata":{"a":1e-99999}"#, "line"), (#""metadata":{"a":0e-99999}"#, "line"),
        (#""metadata":{"a":[0e99999]}"#, "line"), (#""publish_at":"294277-01-01T00:00:00Z""#, "publish_at"),
    ])
    func `What PostgreSQL can't keep is refused by its line, and the others go in`(
        member: String, field: String
    ) async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let hostile = "{\(member)," + line(knowledge, type: "quiz", more: [:]).dropFirst()
            let answer = try await fixture.teacher.bulk(
                line(knowledge), hostile, line(knowledge, type: "summary"))
            #expect(answer.status == .ok)
            #expect(counts(answer) == [2, 0, 0, 1])
            let errors = answer["failed"].elements[0]["errors"].elements
            #expect(errors.map { $0["field"].string } == [field])
        }
    }

    @Test(arguments: ["1e-99999", "0e99999", "1e-400", "1e308", "-1e-308"])
    func `Numbers of any size in metadata are kept, or refused clearly, by every call`(number: String) async throws {
        try await ContentFixture.run { fixture async throws in
            let body = #"{"title": "x", "metadata": {"a": \#(number)}}"#
            let made = try await fixture.teacher.post("/knowledge", body)
            #expect(made.status == .created || made.status.kind == .clientError, "\(made.text)")
            let item = try await fixture.content(try await fixture.knowledge("a"), "a")
            let changed = try await fixture.teacher.patch("/content/\(item["id"].int ?? 0)", body, match: item.etag)
            #expect(changed.status == .ok || changed.status.kind == .clientError, "\(changed.text)")
        }
    }

    @Test func `What a line leaves out stays, and is the default in a new item`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            _ = try await fixture.teacher.bulk(line(knowledge, more: [:]))
            let fresh = try await fixture.teacher.get("/content").items[0]
            #expect(fresh["status"].string == "draft")
            #expect(fresh["format"].string == "markdown")
            let full: [String: JSONValue] = [
                "status": .string("published"), "format": .string("html"), "metadata": .object(["a": .integer(1)]),
            ]
            #expect(counts(try await fixture.teacher.bulk(line(knowledge, more: full))) == [0, 1, 0, 0])
            #expect(counts(try await fixture.teacher.bulk(line(knowledge, more: [:]))) == [0, 0, 1, 0])
            #expect(counts(try await fixture.teacher.bulk(line(knowledge, title: "New", more: [:]))) == [0, 1, 0, 0])
            let kept = try await fixture.teacher.get("/content").items[0]
            #expect(kept["status"].string == "published")
            #expect(kept["format"].string == "html")
            #expect(kept["metadata"].text == #"{"a":1}"#)
        }
    }

    @Test func `An impossible transition is refused by its line`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            try await fixture.content(knowledge, "a", status: "archived")
            let answer = try await fixture.teacher.bulk(line(knowledge, more: ["status": .string("failed")]))
            #expect(counts(answer) == [0, 0, 0, 1])
            #expect(
                answer["failed"].elements[0]["errors"].elements[0]["message"].string
                    == "can't become failed from archived")
        }
    }

    @Test func `Of lines with one place the last wins`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let answer = try await fixture.teacher.bulk(
                line(knowledge, body: "1"), line(knowledge, type: "quiz"), line(knowledge, body: "2"),
                line(knowledge, body: "2"))
            #expect(counts(answer) == [2, 1, 1, 0])
            let items = try await fixture.anyone.get("/content?content_type=lesson").items
            #expect(items.map { $0["body"].string } == ["2"])
        }
    }

    @Test func `Chapter ids that look alike but differ in bytes are different`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("%C3%A9", "e%CC%81")
            let answer = try await fixture.teacher.bulk(line(knowledge, "\u{E9}"), line(knowledge, "e\u{301}"))
            #expect(counts(answer) == [2, 0, 0, 0])
        }
    }

    @Test func `Each change is told, what did not change is not, and the load is counted`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            _ = try await fixture.teacher.bulk(line(knowledge))
            try await fixture.forgetEvents()
            _ = try await fixture.teacher.bulk(line(knowledge), line(knowledge, type: "quiz"), "broken")
            let payloads = try await fixture.events().map(\.payload)
            #expect(payloads.map(\.type) == ["content.saved", "operation.completed"])
            guard case .contentSaved(let saved)? = payloads.first, case .operationCompleted(let done)? = payloads.last
            else {
                return
            }
            #expect(saved.contentType == "quiz")
            #expect(saved.status == "published")
            #expect(done.operationType == "content.bulk")
            #expect(done.errorCount == 1)
            #expect(done.duration > 0)
        }
    }

    @Test func `Two loads of the same lines at once insert each once`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a", "b")
            let lines = (1...500).map { line(knowledge, $0 % 2 == 0 ? "a" : "b", type: "t\($0)") }
            async let one = fixture.teacher.bulk(ByteBuffer(string: lines.joined(separator: "\n")))
            async let two = fixture.admin.bulk(ByteBuffer(string: lines.reversed().joined(separator: "\n")))
            let answers = try await [one, two]
            #expect(answers.map(\.status) == [.ok, .ok])
            #expect(answers.compactMap { $0["inserted"].int }.reduce(0, +) == 500)
            #expect(answers.allSatisfy { $0["failed"].elements.isEmpty })
            #expect(try await fixture.anyone.get("/content?count=exact&limit=1")["total"].int == 500)
        }
    }

    @Test func `An empty body loads nothing`() async throws {
        try await ContentFixture.run { fixture async throws in
            #expect(counts(try await fixture.teacher.bulk("")) == [0, 0, 0, 0])
        }
    }

    @Test func `Only NDJSON within the limit is taken`() async throws {
        try await ContentFixture.run(maximumBulkBytes: 10_000) { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            #expect(try await fixture.teacher.post("/content/bulk", line(knowledge)).status == .unsupportedMediaType)
            let large = ByteBuffer(string: String(repeating: line(knowledge) + "\n", count: 100))
            #expect(try await fixture.teacher.bulk(large).status == .contentTooLarge)
        }
    }

    @Test func `A line that is too long, or a text, is refused alone`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            try await fixture.content(knowledge, "a", type: "html", title: "T", body: "x")
            _ = try await fixture.teacher.bulk(line(knowledge, type: "html", more: ["format": .string("html")]))
            let answer = try await fixture.teacher.bulk(
                line(knowledge, body: String(repeating: "x", count: 8 << 20)),
                line(knowledge, body: String(repeating: "x", count: 1 << 20 + 1)),
                line(knowledge, body: String(repeating: "&", count: 1 << 20), more: ["format": .string("html")]),
                line(knowledge, type: "html", body: String(repeating: "&", count: 1 << 20)), line(knowledge))
            #expect(counts(answer) == [1, 0, 0, 4])
            let failed = answer["failed"].elements
            #expect(failed.map { $0["line"].int } == [1, 2, 3, 4])
            #expect(failed.map { $0["errors"].elements[0]["field"].string } == ["line", "body", "body", "body"])
        }
    }

    @Test func `Of very many bad lines the first are told and all are counted, and the good one behind them goes in`()
        async throws
    {
        try await ContentFixture.run { fixture async throws in
            let good = line(try await fixture.knowledge("a"))
            let load = ByteBuffer(
                string: String(repeating: "x\n", count: 15_000) + line(99, "none") + "\n" + good)
            let answer = try await fixture.teacher.call(
                .post, "/content/bulk", load, headers: [.contentType: "application/x-ndjson", .idempotencyKey: "k"])
            #expect(counts(answer) == [1, 0, 0, 10_000])
            #expect(answer["failed_count"].int == 15_001)
            #expect(answer["failed"].elements.map { $0["line"].int } == Array(1...10_000))
            guard case .operationCompleted(let done)? = try await fixture.events().last?.payload else {
                Issue.record("not told")
                return
            }
            #expect(done.errorCount == 15_001)
            let again = try await fixture.teacher.call(
                .post, "/content/bulk", load, headers: [.contentType: "application/x-ndjson", .idempotencyKey: "k"])
            #expect(again.json == answer.json)
        }
    }

    @Test func `A report from before refused lines were counted is read`() throws {
        let kept = #"{"inserted":1,"updated":0,"unchanged":0,"failed":[{"line":2,"errors":[]}]}"#
        #expect(try WireJSON.decode(BulkReport.self, from: Data(kept.utf8)).failedCount == 1)
    }

    @Test func `A load reads no further ahead than one batch while another is merged`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let body = String(repeating: String(repeating: "x", count: 999) + " ", count: 100)
            let lead = NIOLockedValueBox(0)
            let source = BulkSource(count: 350) { number in
                let merged = try await fixture.database.query("SELECT count(*) AS lines FROM edtech_content")
                let ahead = number - (try merged[0]["lines"] as Int)
                lead.withLockedValue { $0 = max($0, ahead) }
                return line(knowledge, type: "t\(number)", body: body) + "\n"
            }
            let load = BulkLoad(
                store: ContentService.bulkStore(fixture.database), author: fixture.teacherID, maximumBytes: .max)
            #expect(try await load.run(source).inserted == 350)
            let linesOfBatch = BulkBatch.maximumBytes / body.utf8.count + 1
            #expect(lead.withLockedValue { $0 } <= 2 * linesOfBatch + 1)
        }
    }
}
