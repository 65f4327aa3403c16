import HTTPTypes
import PostgresTesting
import Testing

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct KnowledgeTests {
    @Test func `A teacher makes a knowledge item, and anyone reads it`() async throws {
        try await ContentFixture.run { fixture async throws in
            let made = try await fixture.teacher.post(
                "/knowledge",
                #"{"title": "Plants", "subject": "biology", "description": "How plants live", "default_language": "PT-br", "metadata": {"grade": 5}}"#
            )
            #expect(made.status == .created)
            let id = try #require(made["id"].int)
            #expect(made.headers[.location] == "/knowledge/\(id)")
            let read = try await fixture.anyone.get("/knowledge/\(id)")
            #expect(read.status == .ok)
            #expect(read.json == made.json)
            #expect(read["default_language"].string == "pt-BR")
            #expect(read["metadata"]["grade"].int == 5)
            #expect(read["created_by"].string == fixture.teacherID.description)
            #expect(read.etag == made.etag)
            #expect(read.headers[.cacheControl] == "public, max-age=0, must-revalidate")
        }
    }

    @Test func `Only a title is needed`() async throws {
        try await ContentFixture.run { fixture async throws in
            let made = try await fixture.teacher.post("/knowledge", #"{"title": "Plants"}"#)
            #expect(made.status == .created)
            #expect(made["default_language"].string == "en")
            #expect(made["subject"] == .null)
            #expect(made["metadata"] == .object([:]))
        }
    }

    @Test(arguments: [
        (#"{}"#, "title"), (#"{"title": 1}"#, "title"), (#"{"title": ""}"#, "title"),
        (#"{"title": "a\u0000b"}"#, "title"), (#"{"title": "a", "subject": 3}"#, "subject"),
        (#"{"title": "a", "default_language": "not a language"}"#, "default_language"),
        (#"{"title": "a", "metadata": []}"#, "metadata"), (#"{"title": "a", "metadata": {"a": "\u0000"}}"#, "metadata"),
        (#"{"title": "a", "description": "\#(String(repeating: "x", count: 10_001))"}"#, "description"),
        (#"{"title": "a", "metadata": {"a": "\#(String(repeating: "x", count: 65_536))"}}"#, "metadata"),
    ])
    func `A faulty field is told by its name`(body: String, field: String) async throws {
        try await ContentFixture.run { fixture async throws in
            let answer = try await fixture.teacher.post("/knowledge", body)
            #expect(answer.status == .unprocessableContent)
            #expect(answer.faultyFields == [field])
        }
    }

    @Test func `A change needs the tag that was read, and one of two writers wins`() async throws {
        try await ContentFixture.run { fixture async throws in
            let id = try await fixture.knowledge()
            let path = "/knowledge/\(id)"
            #expect(try await fixture.teacher.patch(path, #"{"title": "x"}"#).status == .preconditionRequired)
            let tag = try #require(try await fixture.teacher.get(path).etag)
            async let one = fixture.teacher.patch(path, #"{"title": "One"}"#, match: tag)
            async let two = fixture.admin.patch(path, #"{"title": "Two", "subject": null}"#, match: tag)
            let answers = try await [one, two]
            #expect(Set(answers.map(\.status)) == [.ok, .preconditionFailed])
            let read = try await fixture.anyone.get(path)
            #expect(answers.contains { $0.status == .ok && $0.json == read.json && $0.etag == read.etag })
            #expect(read.etag != tag)
        }
    }

    @Test func `PATCH keeps what it does not name, and clears with null`() async throws {
        try await ContentFixture.run { fixture async throws in
            let path = "/knowledge/\(try await fixture.knowledge())"
            let tag = try await fixture.teacher.get(path).etag
            let changed = try await fixture.teacher.patch(path, #"{"subject": null}"#, match: tag)
            #expect(changed.status == .ok)
            #expect(changed["subject"] == .null)
            #expect(changed["title"].string == "Fractions")
            let refused = try await fixture.teacher.patch(path, #"{"title": null}"#, match: changed.etag)
            #expect(refused.status == .unprocessableContent)
            #expect(refused.faultyFields == ["title"])
        }
    }

    @Test func `A PATCH that changes nothing makes no new version and tells nobody`() async throws {
        try await ContentFixture.run { fixture async throws in
            let path = "/knowledge/\(try await fixture.knowledge())"
            try await fixture.forgetEvents()
            let tag = try await fixture.teacher.get(path).etag
            let same = try await fixture.teacher.patch(path, #"{"title": "Fractions"}"#, match: tag)
            #expect(same.status == .ok)
            #expect(same.etag == tag)
            #expect(try await fixture.events().isEmpty)
        }
    }

    @Test func `Deleting takes chapters and content along`() async throws {
        try await ContentFixture.run { fixture async throws in
            let id = try await fixture.knowledge("one")
            let content = try await fixture.content(id, "one")
            #expect(try await fixture.teacher.delete("/knowledge/\(id)", match: "\"99\"").status == .preconditionFailed)
            #expect(try await fixture.teacher.delete("/knowledge/\(id)").status == .noContent)
            #expect(try await fixture.anyone.get("/knowledge/\(id)").status == .notFound)
            #expect(try await fixture.anyone.get("/knowledge/\(id)/chapters").status == .notFound)
            #expect(try await fixture.anyone.get("/knowledge/\(id)/languages").status == .notFound)
            #expect(try await fixture.anyone.get("/content/\(content["id"].int ?? 0)").status == .notFound)
            #expect(try await fixture.teacher.delete("/knowledge/\(id)").status == .notFound)
        }
    }

    @Test func `The list pages by cursor and is stable while items are added`() async throws {
        try await ContentFixture.run { fixture async throws in
            for _ in 1...5 { try await fixture.knowledge() }
            let first = try await fixture.anyone.get("/knowledge?limit=2&count=exact")
            #expect(first.items.count == 2)
            #expect(first["total"].int == 5)
            try await fixture.knowledge()
            let second = try await fixture.anyone.get("/knowledge?limit=2&cursor=\(try #require(first.cursor))")
            let third = try await fixture.anyone.get("/knowledge?limit=100&cursor=\(try #require(second.cursor))")
            #expect(second["total"] == .null)
            let ids = (first.items + second.items + third.items).compactMap { $0["id"].int }
            #expect(ids == ids.sorted())
            #expect(Set(ids).count == 6)
            #expect(third.cursor == nil)
        }
    }

    @Test func `The list is filtered by subject and by words in any script`() async throws {
        try await ContentFixture.run { fixture async throws in
            for (title, subject) in [("100% Plants", "biology"), ("Дроби", "mathematics"), ("Pla_nts", "botany")] {
                let body = #"{"title": "\#(title)", "subject": "\#(subject)"}"#
                #expect(try await fixture.teacher.post("/knowledge", body).status == .created)
            }
            func titles(_ query: String) async throws -> [String] {
                try await fixture.anyone.get("/knowledge?\(query)").items.compactMap { $0["title"].string }
            }
            #expect(try await titles("subject=biology") == ["100% Plants"])
            #expect(try await titles("q=plan") == ["100% Plants"])
            #expect(try await titles("q=%D0%B4%D1%80%D0%BE%D0%B1") == ["Дроби"])
            #expect(try await titles("q=0%25+p") == ["100% Plants"])
            #expect(try await titles("q=_") == ["Pla_nts"])
            #expect(try await titles("q=biology&subject=botany") == [])
        }
    }

    @Test func `Languages are counted against the default one`() async throws {
        try await ContentFixture.run { fixture async throws in
            let id = try await fixture.knowledge("one", "two")
            try await fixture.content(id, "one")
            try await fixture.content(id, "two")
            try await fixture.content(id, "one", "de")
            try await fixture.content(id, "one", "de", type: "quiz")
            try await fixture.content(id, "two", "fr", status: "draft")
            let seen = try await fixture.student.get("/knowledge/\(id)/languages?count=exact")
            #expect(seen.items.map { $0["language"].string } == ["de", "en"])
            #expect(seen.items.map { $0["chapters"].int } == [1, 2])
            #expect(seen.items.map { $0["items"].int } == [2, 2])
            #expect(seen.items.map { $0["share"].double } == [0.5, 1])
            #expect(seen["total"].int == 2)
            let all = try await fixture.teacher.get("/knowledge/\(id)/languages?limit=2")
            #expect(all.items.map { $0["language"].string } == ["de", "en"])
            let rest = try await fixture.teacher.get(
                "/knowledge/\(id)/languages?cursor=\(try #require(all.cursor))")
            #expect(rest.items.map { $0["language"].string } == ["fr"])
        }
    }
}
