import FoundationEssentials
import HTTPTypes
import PostgresTesting
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct ErasureTests {
    @Test func `What an author who is gone has written stays, with its versions, as nobody's`() async throws {
        try await ContentFixture.run { fixture async throws in
            let id = try await fixture.knowledge("a")
            let item = try await fixture.content(id, "a")
            let path = "/content/\(item["id"].int ?? 0)"
            let second = try await fixture.teacher.patch(path, #"{"title": "Thirds"}"#, match: item.etag)
            _ = try await fixture.admin.patch(path, #"{"title": "Fourths"}"#, match: second.etag)
            let sink = ContentService.inbox(fixture.database)
            let news = Event(.userDeleted(UserDeleted(userID: fixture.teacherID)))
            #expect(try await sink.receive([news]) == EventReceipt(accepted: 1, duplicates: 0))
            #expect(try await sink.receive([news]) == EventReceipt(accepted: 0, duplicates: 1))
            let nobody = JSONValue.string(Identifier.nobody.description)
            #expect(try await fixture.admin.get("/knowledge/\(id)")["created_by"] == nobody)
            #expect(try await fixture.admin.get(path)["created_by"] == nobody)
            let versions = try await fixture.admin.get(path + "/versions").items
            #expect(versions.map { $0["version"].int } == [3, 2, 1])
            #expect(versions.map { $0["created_by"] == nobody } == [false, true, true])
            let again = try await fixture.admin.get(path)
            let answer = try await fixture.admin.patch(path, #"{"title": "Fifths"}"#, match: again.etag)
            #expect(answer["version"].int == 4)
            #expect(try await fixture.admin.get(path + "/versions").items.count == 4)
        }
    }

    @Test func `Whoever has read of the author is told that this has changed`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let item = try await fixture.content(knowledge, "a")
            let id = item["id"].int ?? 0
            let changed = try await fixture.teacher.patch("/content/\(id)", #"{"title": "Thirds"}"#, match: item.etag)
            #expect(changed.status == .ok)
            try await fixture.database.query("UPDATE edtech_content SET updated_at = updated_at - interval '1 hour'")
            let paths = [
                "/knowledge/\(knowledge)", "/content/\(id)", "/knowledge/\(knowledge)/chapters/a/content/lesson",
                "/content/\(id)/versions/1", "/content/\(id)/versions/2",
            ]
            var known: [String: HTTPFields] = [:]
            for path in paths { known[path] = try await fixture.admin.get(path).headers }
            let news = Event(.userDeleted(UserDeleted(userID: fixture.teacherID)))
            _ = try await ContentService.inbox(fixture.database).receive([news])
            for (path, headers) in known {
                for condition: HTTPFields in [
                    [.ifNoneMatch: headers[.eTag] ?? ""], [.ifModifiedSince: headers[.lastModified] ?? ""],
                ] {
                    let read = try await fixture.admin.get(path, headers: condition)
                    #expect(read.status == .ok, "\(path)")
                    #expect(read["created_by"].string == Identifier.nobody.description)
                }
            }
        }
    }

    @Test func `The trash forgets an author too, and so do the books of bulk loads`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a")
            let path = "/content/\(item["id"].int ?? 0)"
            _ = try await fixture.admin.patch(path, #"{"title": "Thirds"}"#, match: item.etag)
            _ = try await fixture.teacher.delete(path)
            _ = try await fixture.teacher.call(
                .post, "/content/bulk", "bad",
                headers: [.contentType: "application/x-ndjson", .idempotencyKey: "key"])
            let news = Event(.userDeleted(UserDeleted(userID: fixture.teacherID)))
            _ = try await ContentService.inbox(fixture.database).receive([news])
            let left = try await fixture.database.query(
                """
                SELECT (SELECT count(*) FROM deleted_content WHERE $1 IN (created_by, updated_by, deleted_by))
                       + (SELECT count(*) FROM deleted_versions WHERE author = $1)
                       + (SELECT count(*) FROM bulk_loads WHERE caller = $1)
                """, [fixture.teacherID.rawValue])
            #expect(try left.only?[0] == 0)
            #expect(try await fixture.admin.get("/content/trash").items.count == 1)
        }
    }
}
