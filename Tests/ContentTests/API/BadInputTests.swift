import FoundationEssentials
import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct BadInputTests {
    @Test(arguments: [
        "/knowledge/x", "/knowledge/1.5", "/knowledge/-1", "/knowledge/99999999999", "/knowledge/1%00", "/content/x",
        "/content/1e3", "/content/99999999999999999999", "/content/%27%20OR%201=1", "/content/1/versions/x",
        "/content/1/versions/99999999999", "/knowledge/x/chapters", "/knowledge/x/languages",
    ])
    func `An id that is none is not found`(path: String) async throws {
        try await ContentFixture.run { fixture async throws in
            #expect(try await fixture.teacher.get(path).status == .notFound)
        }
    }

    @Test(arguments: [
        ("/knowledge", "knowledge", "99999999999"), ("/knowledge", "knowledge", "-99999999999"),
        ("/knowledge/{k}/chapters", "chapters", #"{"position":99999999999,"id":"a"}"#),
        ("/content/{c}/versions", "versions", "99999999999"), ("/content", "content", "99999999999999999999"),
        ("/content?q=half", "content/half", #"{"match":"words","rank":1e300,"id":1}"#),
        ("/content?q=halff", "content/halff", #"{"match":"similar","rank":-1e300,"id":1}"#),
        ("/content/trash", "trash", "1e300"), ("/content/dangling-media", "dangling-media", #"{"contentID":1}"#),
        ("/graph/concepts", "concepts", "1"), ("/graph/concepts", "concepts", #""\u0000""#),
        ("/knowledge/{k}/languages", "languages", #""\u0000""#),
        ("/knowledge/{k}/chapters", "chapters", #"{"position":1,"id":"\u0000"}"#),
    ])
    func `A forged cursor is refused`(path: String, list: String, key: String) async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let item = try await fixture.content(knowledge, "a")
            let path = path.replacing("{k}", with: "\(knowledge)").replacing("{c}", with: "\(item["id"].int ?? 0)")
            let cursor = Data(#"{"list":"\#(list)","key":\#(key)}"#.utf8).base64EncodedString()
                .replacing("+", with: "-").replacing("/", with: "_")
            let answer = try await fixture.teacher.get(path + (path.contains("?") ? "&" : "?") + "cursor=\(cursor)")
            #expect(answer.status == .unprocessableContent, "\(answer.text)")
        }
    }

    @Test(arguments: ["{", "", "[1,", "{\"title\": \"\u{1}\"}", #"{"title": "a"} trailing"#])
    func `What is not JSON is 400`(body: String) async throws {
        try await ContentFixture.run { fixture async throws in
            for path in ["/knowledge", "/content", "/content/1/generation"] {
                #expect(try await fixture.teacher.post(path, body).status == .badRequest, "\(path)")
            }
        }
    }

    @Test func `Deep nesting is refused without harm`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
                for depth in [400, 100_000] {
                    let deep = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
                    let body = #"{"title": "x", "metadata": {"a": \#(deep)}}"#
                    let answer = try await fixture.teacher.post("/knowledge", body)
                    #expect(
                        answer.status.kind == .clientError || answer.status == .created, "\(answer.text.prefix(200))")
                }
            }
            #expect(try await fixture.anyone.get("/knowledge/\(knowledge)").status == .ok)
        }
    }

    @Test func `Other media types and too large bodies are refused`() async throws {
        try await ContentFixture.run { fixture async throws in
            let wrong = try await fixture.teacher.post("/knowledge", "{}", headers: [.contentType: "text/plain"])
            #expect(wrong.status == .unsupportedMediaType)
            let large = #"{"title": "\#(String(repeating: "x", count: 2 << 20))"}"#
            #expect(try await fixture.teacher.post("/knowledge", large).status == .contentTooLarge)
            let picky = try await fixture.anyone.get("/knowledge", headers: [.accept: "text/html"])
            #expect(picky.status == .notAcceptable)
            #expect(try await fixture.anyone.call(.put, "/knowledge", "{}").status == .methodNotAllowed)
        }
    }

    @Test func `SQL in any field is text like any other`() async throws {
        try await ContentFixture.run { fixture async throws in
            let sql = "x'); DROP TABLE edtech_content; --"
            let encoded = "x%27%29%3B%20DROP%20TABLE%20edtech_content%3B%20--"
            let made = try await fixture.teacher.post(
                "/knowledge",
                JSONValue.object(["title": .string(sql), "subject": .string(sql), "description": .string(sql)]).text)
            let id = try #require(made["id"].int)
            #expect(
                try await fixture.teacher.put(
                    "/knowledge/\(id)/chapters/\(encoded)", JSONValue.object(["title": .string(sql)]).text
                ).status == .created)
            let item = try await fixture.content(id, sql, "en", type: sql, title: sql, body: sql)
            #expect(item["chapter_id"].string == sql)
            for path in [
                "/knowledge?q=\(encoded)&subject=\(encoded)", "/content?chapter_id=\(encoded)&content_type=\(encoded)",
                "/content?q=\(encoded)", "/knowledge/\(id)/chapters",
            ] {
                #expect(try await fixture.anyone.get(path).items.count == 1, "\(path)")
            }
            let lesson = try await fixture.anyone.get("/knowledge/\(id)/chapters/\(encoded)/content/\(encoded)")
            #expect(lesson["body"].string == sql)
        }
    }

    @Test func `A problem tells nothing of the inside`() async throws {
        try await ContentFixture.run { fixture async throws in
            try await fixture.database.query("ALTER TABLE knowledge RENAME TO hidden")
            let answer = try await fixture.anyone.get("/knowledge")
            #expect(answer.status == .internalServerError)
            #expect(answer.headers[.contentType] == "application/problem+json")
            #expect(!answer.text.contains("relation"))
        }
    }
}
