import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct VersionTests {
    @Test func `Every change is kept with its author, and can be read whole`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("one"), "one", title: "First")
            let path = "/content/\(item["id"].int ?? 0)"
            let second = try await fixture.admin.patch(path, #"{"title": "Second"}"#, match: item.etag)
            #expect(try await fixture.teacher.patch(path, #"{"body": "Third"}"#, match: second.etag).status == .ok)
            let list = try await fixture.teacher.get(path + "/versions?count=exact")
            #expect(list.items.map { $0["version"].int } == [3, 2, 1])
            #expect(list.items.map { $0["title"].string } == ["Second", "Second", "First"])
            #expect(list["total"].int == 3)
            let first = try await fixture.teacher.get(path + "/versions/1")
            #expect(first["title"].string == "First")
            #expect(first["created_by"].string == fixture.teacherID.description)
            #expect(first["created_at"] == item["created_at"])
            #expect(try await fixture.teacher.get(path + "/versions/2")["created_by"] != first["created_by"])
            #expect(try await fixture.teacher.get(path + "/versions/3")["body"].string == "Third")
            #expect(try await fixture.teacher.get(path + "/versions/4").status == .notFound)
        }
    }

    @Test func `The list pages from the latest back`() async throws {
        try await ContentFixture.run { fixture async throws in
            var item = try await fixture.content(try await fixture.knowledge("one"), "one")
            let path = "/content/\(item["id"].int ?? 0)"
            for number in 2...5 {
                item = try await fixture.teacher.patch(path, #"{"title": "\#(number)"}"#, match: item.etag)
            }
            let first = try await fixture.teacher.get(path + "/versions?limit=3")
            let rest = try await fixture.teacher.get(path + "/versions?cursor=\(try #require(first.cursor))")
            #expect((first.items + rest.items).map { $0["version"].int } == [5, 4, 3, 2, 1])
        }
    }

    @Test func `Restoring makes a new version with the old texts`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("one")
            let item = try await fixture.content(knowledge, "one", title: "First", status: "draft")
            let path = "/content/\(item["id"].int ?? 0)"
            let change = #"{"title": "Second", "language": "de", "status": "published"}"#
            let second = try await fixture.teacher.patch(path, change, match: item.etag)
            let stale = try await fixture.teacher.post(
                path + "/versions/1/restore", headers: [.ifMatch: try #require(item.etag)])
            #expect(stale.status == .preconditionFailed)
            let restored = try await fixture.teacher.post(path + "/versions/1/restore")
            #expect(restored.status == .ok)
            #expect(restored["title"].string == "First")
            #expect(restored["language"].string == "de")
            #expect(restored["status"].string == "published")
            #expect(restored["version"].int == 3)
            #expect(second["version"].int == 2)
            #expect(try await fixture.teacher.post(path + "/versions/9/restore").status == .notFound)
        }
    }

    @Test func `A version tells what it changed, line by line`() async throws {
        try await ContentFixture.run { fixture async throws in
            let lines = (1...20).map { "line \($0)" }
            let item = try await fixture.content(
                try await fixture.knowledge("one"), "one", body: lines.joined(separator: "\n"))
            let path = "/content/\(item["id"].int ?? 0)"
            var changed = lines
            changed[1] = "new"
            changed.remove(at: 15)
            let change = JSONValue.object([
                "title": .string("Second"), "body": .string(changed.joined(separator: "\n")),
            ])
            let second = try await fixture.teacher.patch(path, change.text, match: item.etag)
            _ = try await fixture.teacher.patch(path, #"{"status": "archived"}"#, match: second.etag)
            let diff = try await fixture.teacher.get(path + "/versions/2/diff")
            #expect(diff["fields"].text == #"{"title":{"from":"Halves","to":"Second"}}"#)
            let hunks = diff["body"].elements
            #expect(hunks.map { $0["from_line"].int } == [1, 13])
            #expect(hunks.map { $0["to_line"].int } == [1, 13])
            #expect(
                hunks.map { $0["lines"].elements.map { ($0["op"].string?.first).map(String.init) ?? "" }.joined() }
                    == ["krakkk", "kkkrkkk"])
            #expect(hunks[0]["lines"].elements[2]["text"].string == "new")
            let both = try await fixture.teacher.get(path + "/versions/3/diff?from=1")
            #expect(both["from"].int == 1)
            #expect(both["fields"]["status"]["to"].string == "archived")
            #expect(both["body"].elements.count == 2)
            #expect(try await fixture.teacher.get(path + "/versions/3/diff")["body"].elements.isEmpty)
            for missing in ["/versions/1/diff", "/versions/4/diff", "/versions/2/diff?from=9", "/versions/-1/diff"] {
                #expect(try await fixture.teacher.get(path + missing).status == .notFound, "\(missing)")
            }
        }
    }
}
