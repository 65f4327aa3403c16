import FoundationEssentials
import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct DanglingMediaTests {
    @Test func `Links to files that are gone are told, however they came in`() async throws {
        try await ContentFixture.run { fixture async throws in
            let (one, two) = (try await fixture.knowledge("a"), try await fixture.knowledge("a"))
            let (gone, there) = (Identifier(), Identifier())
            let body = "![x](/media/\(gone)/content) ![y](/media/\(there)/content) /media/\(gone)"
            let item = try await fixture.content(one, "a", body: body)
            let line = JSONValue.object([
                "knowledge_id": .integer(Int64(two)), "chapter_id": .string("a"), "language": .string("de"),
                "content_type": .string("bulk"), "title": .string("T"), "body": .string("B"),
                "metadata": .object(["cover": .string("/media/\(gone.description.uppercased())/content")]),
            ])
            #expect(try await fixture.teacher.bulk(line.text)["inserted"].int == 1)
            let path = "/content/dangling-media"
            #expect(try await fixture.teacher.get(path).items.isEmpty)

            let sink = ContentService.inbox(fixture.database)
            for _ in 1...2 { _ = try await sink.receive([Event(.mediaDeleted(MediaDeleted(id: gone)))]) }
            let first = try await fixture.teacher.get(path + "?limit=1&count=exact")
            #expect(first["total"].int == 2)
            let rest = try await fixture.teacher.get(path + "?limit=1&cursor=\(try #require(first.cursor))")
            let items = first.items + rest.items
            #expect(items.map { $0["content_id"] }.first == item["id"])
            #expect(items.map { $0["language"].string } == ["en", "de"])
            #expect(items.allSatisfy { $0["media_id"].string == gone.description })
            #expect(rest.cursor == nil)
            #expect(try await fixture.teacher.get(path + "?knowledge_id=\(two)").items.count == 1)

            let mended = try await fixture.teacher.patch(
                "/content/\(item["id"].int ?? 0)", #"{"body": "none"}"#, match: item.etag)
            #expect(mended.status == .ok)
            #expect(try await fixture.teacher.get(path).items.count == 1)
            _ = try await fixture.teacher.delete("/knowledge/\(two)")
            #expect(try await fixture.teacher.get(path).items.isEmpty)
        }
    }
}
