import FoundationEssentials
import PostgresTesting
import ServiceKit
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct ScheduleTests {
    private static let tomorrow = Timestamp.text(of: Date(timeIntervalSinceNow: 86_400))

    /// A draft to be published tomorrow.
    private func draft(_ fixture: ContentFixture) async throws -> (answer: Answer, path: String) {
        let item = try await fixture.content(try await fixture.knowledge("a"), "a", status: "draft")
        let path = "/content/\(item["id"].int ?? 0)"
        let scheduled = try await fixture.teacher.patch(
            path, #"{"publish_at": "\#(Self.tomorrow)"}"#, match: item.etag)
        #expect(scheduled.status == .ok, "\(scheduled.text)")
        return (scheduled, path)
    }

    private func letTimeCome(_ fixture: ContentFixture) async throws {
        try await fixture.database.query("UPDATE edtech_content SET publish_at = now() - interval '1 second'")
    }

    @Test func `A scheduled draft is a draft until its time, and then published for every reader at once`() async throws
    {
        try await ContentFixture.run { fixture async throws in
            let (scheduled, path) = try await draft(fixture)
            let knowledge = try #require(scheduled["knowledge_id"].int)
            #expect(scheduled["publish_at"].string == Self.tomorrow)
            #expect(scheduled["status"].string == "draft")
            let reads = [
                path, "/knowledge/\(knowledge)/chapters/a/content/lesson", "/content", "/content?status=published",
                "/content?q=half", "/content?q=halvs", "/knowledge/\(knowledge)/languages",
                "/knowledge/\(knowledge)/chapters/a/languages",
            ]
            for read in reads {
                let answer = try await fixture.anyone.get(read)
                #expect(answer.status == .notFound || answer.items.isEmpty, "\(read)")
            }
            #expect(try await fixture.teacher.get("/content?status=draft").items.count == 1)
            try await letTimeCome(fixture)
            for read in reads {
                let answer = try await fixture.anyone.get(read)
                #expect(answer["status"].string == "published" || answer.items.count == 1, "\(read)")
            }
            let seen = try await fixture.anyone.get(path)
            #expect(seen.headers[.cacheControl]?.hasPrefix("public") == true)
            #expect(seen["publish_at"] == .null)
            #expect(try await fixture.teacher.get("/content?status=draft&count=exact")["total"].int == 0)
            #expect(try await fixture.anyone.get("/content?count=exact")["total"].int == 1)
        }
    }

    @Test func `The publisher notes it once, however many there are, and tells of it`() async throws {
        try await ContentFixture.run { fixture async throws in
            let (scheduled, path) = try await draft(fixture)
            let store = ContentStore(database: fixture.database, outbox: ContentService.outbox)
            #expect(try await store.publishDue() == 0)
            try await letTimeCome(fixture)
            try await fixture.forgetEvents()
            let published = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...5 { group.addTask { try await store.publishDue() } }
                return try await group.reduce(0, +)
            }
            #expect(published == 1)
            let payloads = try await fixture.events().map(\.payload)
            #expect(payloads.count == 1)
            guard case .contentSaved(let saved)? = payloads.first else { return }
            #expect(saved.status == "published")
            let item = try await fixture.teacher.get(path)
            #expect(item["version"].int == 3)
            #expect(item["publish_at"] == .null)
            let kept = try await fixture.teacher.get(path + "/versions/2")
            #expect(kept["status"].string == "draft")
            #expect(item["created_by"] == scheduled["created_by"])
        }
    }

    @Test func `A schedule goes with drafts only, and ends with the draft`() async throws {
        try await ContentFixture.run { fixture async throws in
            let (scheduled, path) = try await draft(fixture)
            let both = #"{"status": "archived", "publish_at": "\#(Self.tomorrow)"}"#
            #expect(try await fixture.teacher.patch(path, both, match: scheduled.etag).faultyFields == ["publish_at"])
            let kept = try await fixture.teacher.put(path, #"{"title": "T", "body": "B"}"#, match: scheduled.etag)
            #expect(kept["publish_at"].string == Self.tomorrow)
            let archived = try await fixture.teacher.patch(path, #"{"status": "archived"}"#, match: kept.etag)
            #expect(archived["publish_at"] == .null)
            let draft = try await fixture.teacher.patch(path, #"{"status": "draft"}"#, match: archived.etag)
            #expect(draft["publish_at"] == .null)
            let again = try await fixture.teacher.patch(
                path, #"{"publish_at": "\#(Self.tomorrow)"}"#, match: draft.etag)
            let unchanged = try await fixture.teacher.patch(
                path, #"{"publish_at": "\#(Self.tomorrow)"}"#, match: again.etag)
            #expect(unchanged["version"] == again["version"])
            let cleared = try await fixture.teacher.patch(path, #"{"publish_at": null}"#, match: again.etag)
            #expect(cleared["publish_at"] == .null)
            let bad = try await fixture.teacher.patch(path, #"{"publish_at": "soon"}"#, match: cleared.etag)
            #expect(bad.status == .unprocessableContent)
        }
    }

    @Test(arguments: [true, false])
    func `Whoever makes a draft again of what its schedule has published gets a draft, noted or not`(
        isNoted: Bool
    ) async throws {
        try await ContentFixture.run { fixture async throws in
            let (scheduled, path) = try await draft(fixture)
            let store = ContentStore(database: fixture.database, outbox: ContentService.outbox)
            for isBulk in [true, false] {
                try await letTimeCome(fixture)
                if isNoted { try await store.publishAllDue() }
                let published = try await fixture.teacher.get(path)
                #expect(published["status"].string == "published")
                if isBulk {
                    #expect(try await fixture.teacher.bulk(line(scheduled, status: "draft"))["updated"].int == 1)
                } else {
                    let patched = try await fixture.teacher.patch(path, #"{"status": "draft"}"#, match: published.etag)
                    #expect(patched.status == .ok)
                }
                try await store.publishAllDue()
                let draft = try await fixture.teacher.get(path)
                #expect(draft["status"].string == "draft")
                #expect(draft["publish_at"] == .null)
                let again = try await fixture.teacher.patch(
                    path, #"{"publish_at": "\#(Self.tomorrow)"}"#, match: draft.etag)
                #expect(again.status == .ok)
            }
        }
    }

    @Test(arguments: [true, false])
    func `A line of a bulk load can't schedule what is published, noted or not`(isNoted: Bool) async throws {
        try await ContentFixture.run { fixture async throws in
            let (scheduled, path) = try await draft(fixture)
            try await letTimeCome(fixture)
            if isNoted {
                try await ContentStore(database: fixture.database, outbox: ContentService.outbox).publishAllDue()
            }
            let before = try await fixture.teacher.get(path)
            for _ in 1...2 {
                let answer = try await fixture.teacher.bulk(
                    line(scheduled, more: ["publish_at": .string(Self.tomorrow)]))
                let failed = answer["failed"].elements
                #expect(failed.map { $0["line"].int } == [1])
                #expect(failed[0]["errors"].elements.map { $0["field"].string } == ["publish_at"])
            }
            #expect(try await fixture.teacher.get(path).json == before.json)
        }
    }

    @Test func `A line that says of what is due what it is already changes nothing`() async throws {
        try await ContentFixture.run { fixture async throws in
            let (scheduled, path) = try await draft(fixture)
            try await letTimeCome(fixture)
            let before = try await fixture.teacher.get(path)
            let same = [
                line(scheduled), line(scheduled, status: "published"),
                line(scheduled, status: "draft", more: ["publish_at": .string("2020-01-01T00:00:00Z")]),
            ]
            for line in same { #expect(try await fixture.teacher.bulk(line)["unchanged"].int == 1, "\(line)") }
            #expect(try await fixture.teacher.get(path).json == before.json)
        }
    }

    private func line(
        _ item: Answer, status: String? = nil, more: [String: JSONValue] = [:]
    ) -> String {
        var members = more
        for name in ["knowledge_id", "chapter_id", "language", "content_type", "title", "body"] {
            members[name] = item[name]
        }
        if let status { members["status"] = .string(status) }
        return JSONValue.object(members).text
    }

    @Test func `A bulk load that publishes a draft ends its schedule`() async throws {
        try await ContentFixture.run { fixture async throws in
            let (scheduled, path) = try await draft(fixture)
            let line = JSONValue.object([
                "knowledge_id": scheduled["knowledge_id"], "chapter_id": .string("a"), "language": .string("en"),
                "content_type": .string("lesson"), "title": .string("T"), "body": .string("B"),
                "status": .string("published"),
            ])
            #expect(try await fixture.teacher.bulk(line.text)["updated"].int == 1)
            let published = try await fixture.teacher.get(path)
            let draft = try await fixture.teacher.patch(path, #"{"status": "draft"}"#, match: published.etag)
            #expect(draft["publish_at"] == .null)
        }
    }
}
