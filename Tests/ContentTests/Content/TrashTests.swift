import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct TrashTests {
    @Test func `What was deleted is gone for readers, and comes back as it was with its versions`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let first = try await fixture.content(knowledge, "a")
            let path = "/content/\(first["id"].int ?? 0)"
            let item = try await fixture.teacher.patch(path, #"{"title": "Second"}"#, match: first.etag)
            #expect(try await fixture.teacher.delete(path, match: first.etag).status == .preconditionFailed)
            #expect(try await fixture.teacher.delete(path, match: item.etag).status == .noContent)
            #expect(try await fixture.teacher.get(path).status == .notFound)
            #expect(try await fixture.teacher.get(path + "/versions").status == .notFound)
            #expect(try await fixture.teacher.get("/content").items.isEmpty)
            let trash = try await fixture.teacher.get("/content/trash?knowledge_id=\(knowledge)&count=exact")
            #expect(trash.items.map { $0["title"].string } == ["Second"])
            #expect(trash.items[0]["deleted_by"].string == fixture.teacherID.description)
            #expect(trash["total"].int == 1)
            #expect(try await fixture.teacher.get("/content/trash?knowledge_id=99").items.isEmpty)

            let restored = try await fixture.teacher.post("/content/trash/\(first["id"].int ?? 0)/restore")
            #expect(restored.status == .ok)
            #expect(restored.json == item.json)
            #expect(try await fixture.anyone.get(path).json == item.json)
            #expect(try await fixture.teacher.get(path + "/versions/1")["title"].string == "Halves")
            #expect(try await fixture.teacher.get("/content/trash").items.isEmpty)
            #expect(
                try await fixture.teacher.post("/content/trash/\(first["id"].int ?? 0)/restore").status == .notFound)
        }
    }

    @Test func `The place of what was deleted is free, and taken where it would come back`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let id = try await fixture.content(knowledge, "a")["id"].int ?? 0
            #expect(try await fixture.teacher.delete("/content/\(id)").status == .noContent)
            let other = try await fixture.content(knowledge, "a")
            #expect(try await fixture.teacher.post("/content/trash/\(id)/restore").status == .conflict)
            #expect(try await fixture.teacher.delete("/content/\(other["id"].int ?? 0)").status == .noContent)
            #expect(try await fixture.teacher.post("/content/trash/\(id)/restore").status == .ok)
        }
    }

    @Test func `What is meant for another state than that in the trash is refused`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a")
            let id = item["id"].int ?? 0
            let changed = try await fixture.teacher.patch("/content/\(id)", #"{"title": "New"}"#, match: item.etag)
            _ = try await fixture.teacher.delete("/content/\(id)")
            let path = "/content/trash/\(id)"
            #expect(try await fixture.admin.delete(path, match: item.etag).status == .preconditionFailed)
            let stale = try await fixture.teacher.post(path + "/restore", headers: [.ifMatch: item.etag ?? ""])
            #expect(stale.status == .preconditionFailed)
            let restored = try await fixture.teacher.post(path + "/restore", headers: [.ifMatch: changed.etag ?? ""])
            #expect(restored.etag == changed.etag)
            _ = try await fixture.teacher.delete("/content/\(id)")
            #expect(try await fixture.admin.delete(path, match: changed.etag).status == .noContent)
        }
    }

    @Test func `What came due in the trash is told to be published once it is back, and once`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("a"), "a", status: "draft")
            let id = item["id"].int ?? 0
            _ = try await fixture.teacher.patch(
                "/content/\(id)", #"{"publish_at": "2090-01-01T00:00:00Z"}"#, match: item.etag)
            _ = try await fixture.teacher.delete("/content/\(id)")
            try await fixture.database.query("UPDATE deleted_content SET publish_at = now() - interval '1 second'")
            try await fixture.forgetEvents()
            let restored = try await fixture.teacher.post("/content/trash/\(id)/restore")
            #expect(restored["status"].string == "published")
            try await ContentStore(database: fixture.database, outbox: ContentService.outbox).publishAllDue()
            let statuses = try await fixture.events().map { event in
                if case .contentSaved(let saved) = event.payload { saved.status } else { "" }
            }
            #expect(statuses == ["draft", "published"])
        }
    }

    @Test func `Others are told that it went and that it came back`() async throws {
        try await ContentFixture.run { fixture async throws in
            let id = try await fixture.content(try await fixture.knowledge("a"), "a")["id"].int ?? 0
            try await fixture.forgetEvents()
            _ = try await fixture.teacher.delete("/content/\(id)")
            _ = try await fixture.teacher.post("/content/trash/\(id)/restore")
            #expect(try await fixture.events().map(\.payload.type) == ["content.deleted", "content.saved"])
        }
    }

    @Test func `Purging is for ever: by an admin, by time, or with the chapter`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a", "b")
            var ids: [Int] = []
            for (chapter, type) in [("a", "one"), ("a", "two"), ("b", "three")] {
                let id = try await fixture.content(knowledge, chapter, type: type)["id"].int ?? 0
                _ = try await fixture.teacher.delete("/content/\(id)")
                ids.append(id)
            }
            #expect(try await fixture.admin.delete("/content/trash/\(ids[0])").status == .noContent)
            #expect(try await fixture.admin.delete("/content/trash/\(ids[0])").status == .notFound)
            let trash = TrashStore(content: ContentStore(database: fixture.database, outbox: ContentService.outbox))
            try await trash.purge(after: .seconds(3_600))
            #expect(try await fixture.teacher.get("/content/trash").items.map { $0["id"].int } == [ids[1], ids[2]])
            #expect(try await fixture.teacher.delete("/knowledge/\(knowledge)/chapters/b").status == .noContent)
            #expect(try await fixture.teacher.get("/content/trash").items.map { $0["id"].int } == [ids[1]])
            try await trash.purge(after: .zero)
            #expect(try await fixture.teacher.get("/content/trash").items.isEmpty)
        }
    }
}
