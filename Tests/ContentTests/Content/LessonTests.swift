import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct LessonTests {
    @Test(arguments: [
        ("pt-BR", "pt-BR"), ("pt-PT", "pt"), ("PT-br;q=0.5, zh-Hant-TW", "zh-Hant"), ("zh-TW", "zh-Hant"),
        ("zh-CN", "zh"), ("zh-HK, de", "zh-Hant"),
        ("de-CH, en;q=0.9", "de"),
        ("en;q=0.1, de;q=0.2", "de"), ("fr", "en"), ("fr, es;q=0.9", "en"), ("*", "en"), ("", "en"), ("de;q=0", "en"),
        ("garbage;;;,,=, de", "de"), ("de;q=2, pt", "pt"), ("de;q=x, pt;q=0.1", "pt"), ("pt ; q=0.3 , de;Q=0.4", "de"),
        ("zh-Hant-TW-x-private, de", "zh-Hant"), ("en;q=0", "de"), ("en;q=0, de;q=0", "pt"),
        ("pt-BR, pt;q=0, *", "pt-BR"),
        ("pt-PT, pt;q=0", "en"), ("pt-PT, pt;q=0, *;q=0", "en"), ("*, de;q=0.5", "de"),
    ])
    func `Accept-Language finds the best there is`(field: String, language: String) async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            for tag in ["de", "en", "pt", "pt-BR", "zh", "zh-Hant"] { try await fixture.content(knowledge, "a", tag) }
            try await fixture.content(knowledge, "a", "fr", status: "draft")
            let lesson = try await fixture.anyone.get(
                "/knowledge/\(knowledge)/chapters/a/content/lesson", headers: [.acceptLanguage: field])
            #expect(lesson.status == .ok)
            #expect(lesson.headers[.contentLanguage] == language)
            #expect(lesson["language"].string == language)
            #expect(lesson.headers[.vary] == "Accept-Language")
            #expect(lesson.headers[.contentLocation] == "/content/\(lesson["id"].int ?? 0)")
        }
    }

    @Test func `The usual script of a region is found, and a refused language only for want of another`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a", language: "de")
            let path = "/knowledge/\(knowledge)/chapters/a/content/lesson"
            func language(_ field: String) async throws -> String? {
                try await fixture.anyone.get(path, headers: [.acceptLanguage: field]).headers[.contentLanguage]
            }
            try await fixture.content(knowledge, "a", "de")
            #expect(try await language("de;q=0") == "de")
            for tag in ["zh-hans", "sr-Latn", "iw"] { try await fixture.content(knowledge, "a", tag) }
            #expect(try await language("zh-CN") == "zh-Hans")
            #expect(try await language("zh") == "zh-Hans")
            #expect(try await language("zh-TW") == "de")
            #expect(try await language("sr-ME") == "sr-Latn")
            #expect(try await language("he-IL") == "he")
            #expect(try await language("IW") == "he")
            #expect(try await language("de;q=0, sr;q=0, zh;q=0") == "he")
        }
    }

    @Test func `A language in the query goes before the header`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            for tag in ["de", "en"] { try await fixture.content(knowledge, "a", tag) }
            let path = "/knowledge/\(knowledge)/chapters/a/content/lesson"
            let read = try await fixture.anyone.get(path + "?language=de-AT", headers: [.acceptLanguage: "en"])
            #expect(read.headers[.contentLanguage] == "de")
            #expect(try await fixture.anyone.get(path + "?language=!").faultyFields == ["language"])
        }
    }

    @Test func `Without the default language any will do, and drafts are for teachers`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a", language: "fr")
            try await fixture.content(knowledge, "a", "sv")
            try await fixture.content(knowledge, "a", "fr", status: "draft")
            let path = "/knowledge/\(knowledge)/chapters/a/content/lesson"
            #expect(try await fixture.student.get(path).headers[.contentLanguage] == "sv")
            #expect(try await fixture.teacher.get(path).headers[.contentLanguage] == "fr")
        }
    }

    @Test func `Each language has a tag of its own`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            for tag in ["de", "en"] { try await fixture.content(knowledge, "a", tag) }
            let path = "/knowledge/\(knowledge)/chapters/a/content/lesson"
            let german = try await fixture.anyone.get(path, headers: [.acceptLanguage: "de"])
            let tag = try #require(german.etag)
            let again = try await fixture.anyone.get(path, headers: [.acceptLanguage: "de", .ifNoneMatch: tag])
            #expect(again.status == .notModified)
            #expect(again.headers[.vary] == "Accept-Language")
            #expect(
                try await fixture.anyone.get(path, headers: [.acceptLanguage: "en", .ifNoneMatch: tag]).status == .ok)
        }
    }

    @Test func `What is not there is not found`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            for path in [
                "/knowledge/\(knowledge)/chapters/a/content/lesson",
                "/knowledge/\(knowledge)/chapters/b/content/lesson",
                "/knowledge/99/chapters/a/content/lesson", "/knowledge/x/chapters/a/content/lesson",
                "/knowledge/\(knowledge)/chapters/a/content/%00",
            ] {
                #expect(try await fixture.teacher.get(path).status == .notFound, "\(path)")
            }
        }
    }
}
