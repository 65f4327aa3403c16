import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct HTMLTests {
    private static let dirty = "<p onclick=x>a<script>b</script>"
    private static let clean = "<p>a</p>"

    private func new(_ knowledge: Int, type: String, format: String, body: String) -> String {
        JSONValue.object([
            "knowledge_id": .integer(Int64(knowledge)), "chapter_id": .string("a"), "language": .string("en"),
            "content_type": .string(type), "title": .string("T"), "body": .string(body), "format": .string(format),
            "status": .string("published"),
        ]).text
    }

    @Test func `HTML is kept sanitised whichever way it comes in`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let made = try await fixture.teacher.post(
                "/content", new(knowledge, type: "one", format: "html", body: Self.dirty))
            #expect(made["body"].string == Self.clean)
            let path = try #require(made.headers[.location])
            let markdown = try await fixture.teacher.put(
                path, #"{"title": "T", "body": "\#(Self.dirty)"}"#, match: made.etag)
            #expect(markdown["body"].string == Self.dirty)
            let html = try await fixture.teacher.patch(path, #"{"format": "html"}"#, match: markdown.etag)
            #expect(html["body"].string == Self.clean)
            #expect(try await fixture.teacher.post(path + "/versions/2/restore")["body"].string == Self.dirty)

            let line = new(knowledge, type: "bulk", format: "html", body: Self.dirty)
            #expect(try await fixture.teacher.bulk(line)["inserted"].int == 1)
            let silent = line.replacing(#""format":"html","#, with: "").replacing("<p", with: "<i></i><p")
            #expect(silent != line)
            #expect(try await fixture.teacher.bulk(silent)["updated"].int == 1)
            let items = try await fixture.anyone.get("/content?content_type=bulk").items
            #expect(items.map { $0["body"].string } == ["<i></i>" + Self.clean])
            #expect(try await fixture.teacher.bulk(silent)["unchanged"].int == 1)
        }
    }

    @Test func `HTML and plain text are rendered, Markdown is not`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            for (format, body, html) in [
                ("html", "<b>x</b>", "<b>x</b>"), ("plain", "<b>&\n", "<pre>&lt;b&gt;&amp;\n</pre>"),
                ("markdown", "*x*", nil),
            ] {
                let made = try await fixture.teacher.post(
                    "/content", new(knowledge, type: format, format: format, body: body))
                for path in [
                    try #require(made.headers[.location]), "/knowledge/\(knowledge)/chapters/a/content/\(format)",
                ] {
                    let plain = try await fixture.anyone.get(path)
                    #expect(plain["html"] == .null)
                    let rendered = try await fixture.anyone.get(path + "?render=html")
                    #expect(rendered.status == (html == nil ? .notAcceptable : .ok))
                    guard let html else { continue }
                    #expect(rendered["html"].string == html)
                    #expect(rendered["body"].string == body)
                    #expect(rendered.etag != plain.etag)
                    let again = try await fixture.anyone.get(
                        path + "?render=html", headers: [.ifNoneMatch: rendered.etag ?? ""])
                    #expect(again.status == .notModified)
                    #expect(try await fixture.anyone.get(path + "?render=pdf").faultyFields == ["render"])
                }
            }
        }
    }
}
