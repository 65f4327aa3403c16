import HTTPTypes
import PostgresTesting
import Testing

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct ContentTests {
    @Test func `A teacher makes an item, and anyone reads it once it is published`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("one")
            let made = try await fixture.teacher.post(
                "/content",
                #"{"knowledge_id": \#(knowledge), "chapter_id": "one", "language": "ZH-hant-tw", "content_type": "lesson", "title": "T", "body": "B", "metadata": {"b": [1, 2.5, null]}}"#
            )
            #expect(made.status == .created)
            let path = try #require(made.headers[.location])
            #expect(path == "/content/\(made["id"].int ?? 0)")
            #expect(made["language"].string == "zh-Hant-TW")
            #expect(made["format"].string == "markdown")
            #expect(made["status"].string == "draft")
            #expect(made["version"].int == 1)
            #expect(made["metadata"].text == #"{"b":[1,2.5,null]}"#)
            #expect(made.headers[.cacheControl] == "private, max-age=0, must-revalidate")
            #expect(try await fixture.anyone.get(path).status == .notFound)
            #expect(try await fixture.student.get(path).status == .notFound)
            #expect(try await fixture.teacher.get(path).json == made.json)
            let published = try await fixture.teacher.patch(path, #"{"status": "published"}"#, match: made.etag)
            #expect(published["version"].int == 2)
            let read = try await fixture.anyone.get(path)
            #expect(read.json == published.json)
            #expect(read.headers[.cacheControl] == "public, max-age=0, must-revalidate")
        }
    }

    @Test func `Reading again under the tag gets 304 without a body, until the item changes`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("one"), "one")
            let path = "/content/\(item["id"].int ?? 0)"
            let tag = try #require(item.etag)
            let again = try await fixture.anyone.get(path, headers: [.ifNoneMatch: "\"x\", W/\(tag)"])
            #expect(again.status == .notModified)
            #expect(again.bytes.isEmpty)
            #expect(again.etag == tag)
            #expect(try await fixture.teacher.patch(path, #"{"title": "New"}"#, match: tag).status == .ok)
            #expect(try await fixture.anyone.get(path, headers: [.ifNoneMatch: tag])["title"].string == "New")
        }
    }

    @Test func `HEAD answers as GET does, without a body`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("one"), "one")
            let head = try await fixture.anyone.call(.head, "/content/\(item["id"].int ?? 0)", nil as String?)
            #expect(head.status == .ok)
            #expect(head.etag == item.etag)
            #expect(head.bytes.isEmpty)
        }
    }

    @Test func `PUT replaces the texts, and keeps place and status when they are not told`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("one"), "one")
            let path = "/content/\(item["id"].int ?? 0)"
            let body = #"{"title": "New", "body": "<p>new</p>", "format": "html"}"#
            #expect(try await fixture.teacher.put(path, body).status == .preconditionRequired)
            let replaced = try await fixture.teacher.put(path, body, match: item.etag)
            #expect(replaced.status == .ok)
            #expect(replaced["format"].string == "html")
            #expect(replaced["chapter_id"].string == "one")
            #expect(replaced["status"].string == "published")
            #expect(replaced["version"].int == 2)
            #expect(try await fixture.teacher.put(path, body, match: item.etag).status == .preconditionFailed)
            let same = try await fixture.teacher.put(path, body, match: replaced.etag)
            #expect(same.json == replaced.json)
        }
    }

    @Test func `Of two writers with the same tag one wins, and the other is told`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("one"), "one")
            let path = "/content/\(item["id"].int ?? 0)"
            async let one = fixture.teacher.patch(path, #"{"body": "one"}"#, match: item.etag)
            async let two = fixture.admin.put(path, #"{"title": "two", "body": "two"}"#, match: item.etag)
            let answers = try await [one, two]
            #expect(Set(answers.map(\.status)) == [.ok, .preconditionFailed])
            let read = try await fixture.anyone.get(path)
            #expect(read["version"].int == 2)
            #expect(answers.contains { $0.json == read.json })
        }
    }

    @Test func `An item may move, but not onto another`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("one", "two")
            let item = try await fixture.content(knowledge, "one")
            try await fixture.content(knowledge, "two")
            let path = "/content/\(item["id"].int ?? 0)"
            let conflict = try await fixture.teacher.patch(path, #"{"chapter_id": "two"}"#, match: item.etag)
            #expect(conflict.status == .conflict)
            let nowhere = try await fixture.teacher.patch(path, #"{"chapter_id": "three"}"#, match: item.etag)
            #expect(nowhere.faultyFields == ["chapter_id"])
            let moved = try await fixture.teacher.patch(path, #"{"language": "de"}"#, match: item.etag)
            #expect(moved.status == .ok)
            #expect(moved["language"].string == "de")
        }
    }

    @Test func `A second item of the same place is a conflict`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("one")
            try await fixture.content(knowledge, "one", "pt-BR")
            let body =
                #"{"knowledge_id": \#(knowledge), "chapter_id": "one", "language": "PT-br", "content_type": "lesson", "title": "T", "body": ""}"#
            let second = try await fixture.teacher.post("/content", body)
            #expect(second.status == .conflict)
        }
    }

    @Test(arguments: [
        (#""knowledge_id": 999"#, "knowledge_id"), (#""knowledge_id": 99999999999"#, "knowledge_id"),
        (#""knowledge_id": "1""#, "knowledge_id"), (#""chapter_id": "none""#, "chapter_id"),
        (#""chapter_id": "\#(String(repeating: "x", count: 51))""#, "chapter_id"),
        (#""language": "klingon!""#, "language"),
        (#""content_type": """#, "content_type"), (#""title": """#, "title"), (#""body": "a\u0000b""#, "body"),
        (#""format": "docx""#, "format"), (#""metadata": "x""#, "metadata"), (#""status": "gone""#, "status"),
        (#""body": null"#, "body"), (#""metadata": {"a": 1e-99999}"#, "metadata"),
        (#""metadata": {"a": \#(String(repeating: "[", count: 99) + String(repeating: "]", count: 99))}"#, "metadata"),
    ])
    func `A faulty field is told by its name`(member: String, field: String) async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("one")
            let good = [
                #""knowledge_id": \#(knowledge)"#, #""chapter_id": "one""#, #""language": "en""#,
                #""content_type": "lesson""#, #""title": "T""#, #""body": "B""#,
            ]
            let members = good.filter { !$0.hasPrefix("\"\(field)\"") } + [member]
            let answer = try await fixture.teacher.post("/content", "{" + members.joined(separator: ", ") + "}")
            #expect(answer.status == .unprocessableContent, "\(answer.text)")
            #expect(answer.faultyFields == [field])
            #expect(try await fixture.teacher.get("/content").items.isEmpty)
        }
    }

    @Test func `Deleting takes the versions along, and honours a tag`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("one"), "one")
            let path = "/content/\(item["id"].int ?? 0)"
            #expect(try await fixture.teacher.patch(path, #"{"title": "2"}"#, match: item.etag).status == .ok)
            #expect(try await fixture.teacher.delete(path, match: item.etag).status == .preconditionFailed)
            #expect(try await fixture.teacher.delete(path).status == .noContent)
            #expect(try await fixture.teacher.get(path).status == .notFound)
            #expect(try await fixture.teacher.get(path + "/versions").status == .notFound)
            #expect(try await fixture.teacher.delete(path).status == .notFound)
        }
    }

    @Test(arguments: [
        "שלום עולם — שָׁלוֹם", "العربية ‏مع أرقام ١٢٣", "日本語のテキスト。漢字かな交じり文", "caf\u{E9}", "cafe\u{301}",
        "한국어 \u{1112}\u{1161}\u{11AB}",
        "emoji 👩‍👩‍👧‍👦 🏳️‍🌈", "controls \u{1} \u{1F} \u{7F} \t \r\n \\ \" /", "'; DROP TABLE edtech_content; --",
        "a\u{2028}b\u{FEFF}c\u{FFFF}",
    ])
    func `A body comes back byte for byte`(body: String) async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("one"), "one", "ar", body: body)
            let read = try await fixture.anyone.get("/content/\(item["id"].int ?? 0)")
            #expect(Array((read["body"].string ?? "").utf8) == Array(body.utf8))
        }
    }

    @Test func `The same Idempotency-Key makes one item`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("one")
            let body =
                #"{"knowledge_id": \#(knowledge), "chapter_id": "one", "language": "en", "content_type": "lesson", "title": "T", "body": ""}"#
            let key = try #require(HTTPField.Name("Idempotency-Key"))
            let first = try await fixture.teacher.post("/content", body, headers: [key: "k1"])
            let again = try await fixture.teacher.post("/content", body, headers: [key: "k1"])
            #expect(first.status == .created)
            #expect(again.status == .created)
            #expect(again.bytes == first.bytes)
        }
    }
}
