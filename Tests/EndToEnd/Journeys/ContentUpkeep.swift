import Foundation
import ServiceKitTesting
import Testing
import WireProtocol

extension EndToEnd {
    /// What content does without being asked.
    @Suite struct ContentUpkeep {
        let platform: Platform
        let teacher: APIClient

        init() async throws {
            platform = try .current
            teacher = try await platform.visitor.loggedIn(as: DemoData.teacher)
        }

        @Test("A draft is published when its time has come, and analytics hears of it")
        func schedule() async throws {
            let course = try await Course.create(by: teacher, title: "Later", chapters: ["one"])
            var draft = course.lesson(chapter: "one", language: "en")
            draft["status"] = "draft"
            draft["publish_at"] = .string(Timestamp.text(of: Date.now.addingTimeInterval(2)))
            let created = try await teacher.post("/content", draft)
            #expect(created.status == 201 && created.json["status"].string == "draft", "\(created)")
            let path = "/content/\(created.json["id"].integer ?? 0)"
            #expect(try await platform.visitor.get(path).isProblem(404))
            // Readers see it by the clock; the second version is what was noted of it.
            try await eventually("its status is noted") {
                let text = try await platform.visitor.get(path).json
                return text["status"].string == "published" && text["version"].integer == 2
            }
            try await eventually("analytics counts it") {
                let covered = try await teacher.get("/analytics/coverage?limit=100").json["items"].items
                let report = covered.first { $0["knowledge_id"].integer == course.id } ?? .null
                return report["languages"][0]["items"].integer == 1
            }
        }

        @Test("What has been in the trash for long goes, and so does the memory of loads that have ended", .local)
        func expiry() async throws {
            let platform = try LocalPlatform.current
            let course = try await Course.create(by: teacher, title: "Gone", chapters: ["one", "two"])
            let key = UUID().uuidString
            let answer = try await teacher.call(
                .POST, "/content/bulk", ["content-type": "application/x-ndjson", "idempotency-key": key],
                .bytes(.init(bytes: try Course.lines(course.lessons(in: ["en"])))))
            #expect(answer.json["inserted"].integer == 2, "\(answer)")
            let texts = try await teacher.get("/content?knowledge_id=\(course.id)").json["items"].items
            let ids = texts.compactMap { $0["id"].integer }
            try #require(ids.count == 2)
            for id in ids { #expect(try await teacher.delete("/content/\(id)").status == 204) }
            _ = try await platform.query(
                "UPDATE content.deleted_content SET deleted_at = now() - interval '31 days' WHERE id = \(ids[0])")
            _ = try await platform.query(
                "UPDATE content.bulk_loads SET created_at = now() - interval '25 hours' WHERE key = '\(key)'")

            // It looks once an hour, and when it starts.
            try await platform.stop(.content)
            try await platform.start(.content)
            try await eventually("the old text is gone for ever") {
                let trash = try await teacher.get("/content/trash?knowledge_id=\(course.id)").json["items"].items
                return trash.compactMap { $0["id"].integer } == [ids[1]]
            }
            try await eventually("the load is forgotten") {
                try await platform.query("SELECT count(*) FROM content.bulk_loads WHERE key = '\(key)'") == "0"
            }
        }

        @Test("A text that shows a file is told of once the file is deleted")
        func danglingMedia() async throws {
            let course = try await Course.create(by: teacher, title: "With a picture", chapters: ["one"])
            let upload = try await Upload(Upload.picture(bytes: 500), name: "map.png", visibility: "public")
                .send(by: teacher)
            let picture = try #require(upload.json["id"].string, "\(upload)")
            let created = try await teacher.post(
                "/content", course.lesson(chapter: "one", language: "en", body: "![map](/media/\(picture)/content)"))
            let report = "/content/dangling-media?knowledge_id=\(course.id)"
            #expect(try await teacher.get(report).json["items"].items.isEmpty)
            #expect(try await teacher.delete("/media/\(picture)").status == 204)
            try await eventually("content has heard of it") {
                let dangling = try await teacher.get(report).json["items"].items
                return dangling.map { $0["content_id"] } == [created.json["id"]]
                    && dangling[0]["media_id"].string == picture
            }
        }
    }
}
