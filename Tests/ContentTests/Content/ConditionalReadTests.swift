import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOConcurrencyHelpers
import PostgresTesting
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Content

/// Counts for which reads the texts were fetched.
private struct CountingLibrary: ContentLibrary {
    let library: any ContentLibrary
    let fetched = NIOLockedValueBox(0)

    func item(_ id: Int, seesDrafts: Bool) async throws -> ContentItem {
        fetched.withLockedValue { $0 += 1 }
        return try await library.item(id, seesDrafts: seesDrafts)
    }

    func head(_ id: Int, seesDrafts: Bool) async throws -> ContentHead {
        try await library.head(id, seesDrafts: seesDrafts)
    }

    func head(of lesson: LessonRequest) async throws -> ContentHead { try await library.head(of: lesson) }
}

@Suite(.enabled(if: TestDatabase.isAvailable))
struct ConditionalReadTests {
    private func paths(_ item: Answer) -> [String] {
        [
            "/content/\(item["id"].int ?? 0)",
            "/knowledge/\(item["knowledge_id"].int ?? 0)/chapters/a/content/lesson",
        ]
    }

    /// As if the last change were an hour ago.
    private func age(_ fixture: ContentFixture) async throws {
        try await fixture.database.query("UPDATE edtech_content SET updated_at = updated_at - interval '1 hour'")
    }

    @Test func `Whoever has a text already costs no reading of it`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a")
            try await age(fixture)
            let tokens = try await TestTokens()
            let library = CountingLibrary(
                library: ContentStore(database: fixture.database, outbox: ContentService.outbox))
            var reader = SettingsReader(environment: [:])
            let application = ServiceApplication(
                service: "content", process: ProcessSettings(from: &reader, port: 0), contract: [],
                routes: ReadingRoutes(library: library).routes, tokens: tokens.verifier,
                serviceTokens: await ServiceTokens(service: "content", secret: TestTokens.internalSecret),
                idempotency: nil, readiness: []
            ).build(services: [], logger: Logger(label: "content") { _ in SwiftLogNoOpLogHandler() })
            let paths = paths(item)
            try await application.test(.router) { client async throws in
                let anyone = Caller(client: client, token: nil)
                for (path, answersByTime) in zip(paths, [true, false]) {
                    library.fetched.withLockedValue { $0 = 0 }
                    let first = try await anyone.get(path)
                    #expect(library.fetched.withLockedValue { $0 } == 1)
                    let tag = try #require(first.etag)
                    let time = try #require(first.headers[.lastModified])
                    for headers: HTTPFields in [
                        [.ifNoneMatch: tag], [.ifNoneMatch: tag, .ifModifiedSince: "x"],
                        answersByTime ? [.ifModifiedSince: time] : [.ifNoneMatch: tag],
                    ] {
                        let again = try await anyone.get(path, headers: headers)
                        #expect(again.status == .notModified)
                        #expect(again.bytes.isEmpty)
                        #expect(again.etag == tag)
                        #expect(again.headers[.lastModified] == time)
                        #expect(again.headers[.contentLanguage] == "en")
                    }
                    #expect(library.fetched.withLockedValue { $0 } == 1)
                    let other = try await anyone.get(path, headers: [.ifNoneMatch: "\"x\"", .ifModifiedSince: time])
                    #expect(other.status == .ok)
                    #expect(library.fetched.withLockedValue { $0 } == 2)
                }
            }
        }
    }

    @Test func `Nobody reads what was there before a change, by tag or by time`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a")
            try await age(fixture)
            for path in paths(item) {
                let first = try await fixture.anyone.get(path)
                let changed = try await fixture.teacher.patch(
                    "/content/\(item["id"].int ?? 0)", #"{"title": "\#(path)"}"#, match: first.etag)
                #expect(changed.status == .ok)
                for headers: HTTPFields in [
                    [.ifNoneMatch: first.etag ?? ""], [.ifModifiedSince: first.headers[.lastModified] ?? ""],
                ] {
                    let read = try await fixture.anyone.get(path, headers: headers)
                    #expect(read["title"].string == path)
                }
                try await age(fixture)
            }
        }
    }

    @Test func `Each state of a text has a time of its own, however soon it follows, and it is told at once`()
        async throws
    {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a")
            let path = "/content/\(item["id"].int ?? 0)"
            #expect(item.headers[.lastModified] != nil)
            var seen: Set<String> = []
            var answer = item
            for title in ["1", "2", "3"] {
                if let time = answer.headers[.lastModified] { #expect(seen.insert(time).inserted) }
                let earlier = try #require(HTTPDate.parse(seen.first ?? ""))
                answer = try await fixture.teacher.patch(path, #"{"title": "\#(title)"}"#, match: answer.etag)
                let later = HTTPDate.text(of: earlier.addingTimeInterval(86_400))
                for time in seen.union([later]) {
                    let read = try await fixture.anyone.get(path, headers: [.ifModifiedSince: time])
                    #expect(read["title"] == answer["title"])
                }
                let told = try #require(answer["updated_at"].string.flatMap(Timestamp.parse))
                #expect((answer.headers[.lastModified] != nil) == (told.timeIntervalSinceNow <= 0))
            }
            try await eventually { try await fixture.anyone.get(path).headers[.lastModified] != nil }
        }
    }

    @Test func `An answer in another language is another one, though it is older`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            try await fixture.content(knowledge, "a", "en")
            try await age(fixture)
            let german = try await fixture.content(knowledge, "a", "de")
            let path = "/knowledge/\(knowledge)/chapters/a/content/lesson?language=de"
            let time = try #require(try await fixture.anyone.get(path).headers[.lastModified])
            _ = try await fixture.teacher.delete("/content/\(german["id"].int ?? 0)")
            let read = try await fixture.anyone.get(path, headers: [.ifModifiedSince: time])
            #expect(read.status == .ok)
            #expect(read["language"].string == "en")
        }
    }

    @Test func `A change that began early and ended late is no older than what it replaced`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a")
            let path = "/content/\(item["id"].int ?? 0)"
            try await fixture.database.query("UPDATE edtech_content SET updated_at = now() + interval '1 minute'")
            let before = try await fixture.teacher.get(path)
            let changed = try await fixture.teacher.patch(path, #"{"title": "New"}"#, match: before.etag)
            #expect(changed["updated_at"].string ?? "" > before["updated_at"].string ?? "")
            let line = JSONValue.object([
                "knowledge_id": item["knowledge_id"], "chapter_id": .string("a"), "language": .string("en"),
                "content_type": .string("lesson"), "title": .string("Newer"), "body": .string("B"),
            ])
            #expect(try await fixture.teacher.bulk(line.text)["updated"].int == 1)
            let loaded = try await fixture.teacher.get(path)
            #expect(loaded["updated_at"].string ?? "" > changed["updated_at"].string ?? "")
        }
    }

    @Test func `What its schedule names a past time for is as new as its last change`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a", status: "draft")
            let path = "/content/\(item["id"].int ?? 0)"
            var answer = item
            var times: [String?] = []
            for title in ["1", "2"] {
                let draft = #"{"title": "\#(title)", "status": "draft", "publish_at": "2020-01-01T00:00:00Z"}"#
                answer = try await fixture.teacher.patch(path, draft, match: answer.etag)
                #expect(answer["status"].string == "published")
                let known: HTTPFields = times.last.flatMap(\.self).map { [.ifModifiedSince: $0] } ?? [:]
                #expect(try await fixture.anyone.get(path, headers: known)["title"].string == title)
                try await eventually {
                    times.append(try await fixture.anyone.get(path).headers[.lastModified])
                    return times.last.flatMap(\.self) != nil
                }
            }
            #expect(!times.compactMap(\.self).contains { $0.contains("2020") })
        }
    }

    @Test func `A draft is told by its tag alone`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a", status: "draft")
            #expect(item.headers[.lastModified] == nil)
        }
    }

    @Test func `What its schedule has published has another tag than the draft`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a", status: "draft")
            let path = "/content/\(item["id"].int ?? 0)"
            let soon = Timestamp.text(of: Date(timeIntervalSinceNow: 3_600))
            let draft = try await fixture.teacher.patch(path, #"{"publish_at": "\#(soon)"}"#, match: item.etag)
            try await fixture.database.query("UPDATE edtech_content SET publish_at = now() - interval '1 minute'")
            let published = try await fixture.teacher.get(path, headers: [.ifNoneMatch: draft.etag ?? ""])
            #expect(published["status"].string == "published")
            #expect(published.etag != draft.etag)
            #expect(try await fixture.teacher.patch(path, "{}", match: draft.etag).status == .preconditionFailed)
            let changed = try await fixture.teacher.patch(path, #"{"title": "New"}"#, match: published.etag)
            #expect(changed["status"].string == "published")
            #expect(changed["version"].int == 3)
        }
    }
}
