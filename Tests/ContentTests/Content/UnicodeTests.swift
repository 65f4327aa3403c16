import NIOCore
import PostgresTesting
import Testing
import WireProtocol

@testable import Content

/// Texts in any script and either normal form come back byte for byte.
@Suite(.enabled(if: TestDatabase.isAvailable))
struct UnicodeTests {
    private static let texts = [
        "Th\u{E9}or\u{E8}me d\u{2019}\u{E9}t\u{E9}", "The\u{301}ore\u{300}me d\u{2019}e\u{301}te\u{301}",
        "\u{D55C}\u{AD6D}\u{C5B4}", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}\u{11A8}",
        "\u{202B}שלום \u{202A}abc\u{202C}\u{202C} النِّسْبَة المئوية ٪", "光合作用、漢字かな交じり文。㍿ﾊﾝｶｸ",
        "สังเคราะห์แสง", "👩🏽‍🏫👨‍👩‍👧 ½ ﬁ Å\u{212B}", "\u{FEFF}bom \u{200D}\u{200B} \u{2028}line",
    ]

    @Test(arguments: texts)
    func `A text comes back byte for byte, one by one and in bulk`(text: String) async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let item = try await fixture.content(knowledge, "a", title: text, body: text)
            let path = "/content/\(item["id"].int ?? 0)"
            let line = JSONValue.object([
                "knowledge_id": .integer(Int64(knowledge)), "chapter_id": .string("a"), "language": .string("en"),
                "content_type": .string("bulk"), "title": .string(text), "body": .string(text),
                "status": .string("published"),
            ]).text
            #expect(try await fixture.teacher.bulk(line)["inserted"].int == 1)
            let bulk = try await fixture.anyone.get("/content?content_type=bulk").items.first
            for read in [try await fixture.anyone.get(path).json, try #require(bulk)] {
                #expect(Array((read["title"].string ?? "").utf8) == Array(text.utf8))
                #expect(Array((read["body"].string ?? "").utf8) == Array(text.utf8))
            }
        }
    }

    @Test func `A change from one normal form to the other is a change`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a", body: "\u{E9}")
            let changed = try await fixture.teacher.patch(
                "/content/\(item["id"].int ?? 0)", "{\"body\": \"e\u{301}\"}", match: item.etag)
            #expect(changed["version"].int == 2)
            #expect(Array((changed["body"].string ?? "").utf8) == [0x65, 0xCC, 0x81])
        }
    }

    @Test func `A version tells such a change of the title and of the metadata`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a", title: "\u{E9}")
            let path = "/content/\(item["id"].int ?? 0)"
            let second = try await fixture.teacher.patch(
                path, "{\"title\": \"e\u{301}\", \"metadata\": {\"a\": \"\u{E9}\"}}", match: item.etag)
            _ = try await fixture.teacher.patch(path, "{\"metadata\": {\"a\": \"e\u{301}\"}}", match: second.etag)
            let title = try await fixture.teacher.get(path + "/versions/2/diff")["fields"]["title"]
            #expect(Array((title["from"].string ?? "").utf8) == [0xC3, 0xA9])
            #expect(Array((title["to"].string ?? "").utf8) == [0x65, 0xCC, 0x81])
            let metadata = try await fixture.teacher.get(path + "/versions/3/diff")["fields"]["metadata"]
            #expect(Array((metadata["from"]["a"].string ?? "").utf8) == [0xC3, 0xA9])
            #expect(Array((metadata["to"]["a"].string ?? "").utf8) == [0x65, 0xCC, 0x81])
        }
    }

    @Test func `Metadata is kept as it came: names in either form, and numbers of any length`() async throws {
        let metadata = "{\"\u{E9}\": 1, \"e\u{301}\": 0.1000000000000000000001, \"n\": 12345678901234567890123}"
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a")
            let path = "/content/\(item["id"].int ?? 0)"
            func isKept() async throws -> Bool {
                let rows = try await fixture.database.query(
                    "SELECT metadata = $2::jsonb FROM edtech_content WHERE id = $1", [item["id"].int ?? 0, metadata])
                return try rows.map { row -> Bool in try row[0] } == [true]
            }
            let patched = try await fixture.teacher.patch(path, "{\"metadata\": \(metadata)}", match: item.etag)
            #expect(patched.text.contains("0.1000000000000000000001"))
            #expect(try await isKept())
            let put = try await fixture.teacher.put(
                path, "{\"title\": \"T\", \"body\": \"B\", \"metadata\": \(metadata)}", match: patched.etag)
            #expect(put.status == .ok)
            #expect(try await isKept())
        }
    }
}
