import AsyncHTTPClient
import Foundation
import ServiceKitTesting
import Testing
import WireProtocol

extension EndToEnd {
    /// Services that are killed in the middle of their work, and what is left of it.
    @Suite(.local) struct KilledServices {
        let platform: LocalPlatform
        let teacher: APIClient

        init() async throws {
            platform = try .current
            teacher = try await platform.visitor.loggedIn(as: DemoData.teacher)
        }

        @Test("A bulk load that content does not survive is sent again, and the books balance")
        func bulkLoad() async throws {
            let chapters = (1...40).map { "chapter-\($0)" }
            let course = try await Course.create(by: teacher, title: "Killed in the middle", chapters: chapters)
            let languages = ["en", "de", "fr", "es", "pt-BR", "it", "nl", "sv", "da", "fi"]
            let pieces = try course.lessons(in: languages).map { try Course.lines([$0]) }
            func load(pause: @escaping @Sendable () async throws -> Void) async throws -> Answer {
                try await teacher.call(
                    .POST, "/content/bulk", ["content-type": "application/x-ndjson"], .paused(pieces, pause: pause))
            }

            let cut = try? await load { try platform.kill(.content) }
            #expect(cut.map { [502, 503, 504].contains($0.status) } ?? true, "\(String(describing: cut))")
            try await platform.start(.content)
            let kept = try #require(try await eventualCount(of: course))
            #expect(kept < pieces.count)

            let answer = try await load {}
            #expect(answer.status == 200, "\(answer)")
            let (inserted, unchanged) = (answer.json["inserted"].integer ?? 0, answer.json["unchanged"].integer ?? 0)
            #expect(unchanged == kept && inserted == pieces.count - kept, "\(answer)")
            #expect(try await course.count(seenBy: teacher) == pieces.count)
        }

        @Test("Of an upload that media does not survive nothing is to be seen, and the next one works")
        func upload() async throws {
            func files() async throws -> Int? {
                try await teacher.get("/media?limit=1&count=exact").json["total"].integer
            }
            let before = try await files()
            let upload = Upload(Upload.picture(bytes: 8 << 20), name: "cut.png", visibility: "public")
            let cut = try? await upload.send(by: teacher) { try platform.kill(.media) }
            #expect(cut.map { [502, 503, 504].contains($0.status) } ?? true, "\(String(describing: cut))")
            try await platform.start(.media)
            try await eventually("the gateway reaches media again") { try await files() == before }
            #expect(try await upload.send(by: teacher).status == 201)
        }

        @Test("While analytics is down content goes on; when it is back it knows all, once")
        func analyticsDown() async throws {
            try platform.kill(.analytics)
            try await eventually("the gateway knows that analytics is down") {
                let answer = try await platform.visitor.get("/health")
                return answer.status == 200 && answer.json["status"].string == "degraded"
            }
            let refused = try await teacher.get("/analytics/engagement/1")
            #expect(refused.isProblem(503) && refused.headers.first(name: "retry-after") != nil, "\(refused)")

            let course = try await Course.create(by: teacher, title: "In the meantime", chapters: ["one"])
            for _ in 1...10 { try await reportGeneration(of: "lesson", in: course) }
            // What waits in the outbox survives content as well.
            try platform.kill(.content)
            try await platform.start(.content, .analytics)
            try await eventually("the gateway reaches both again") {
                try await platform.visitor.get("/health").json["status"].string == "ok"
            }
            try await reportGeneration(of: "quiz", in: course)
            // Events come in order: once the last is there, nothing of the others can still be on its way.
            try await eventually("the last report has arrived", within: .seconds(40)) {
                try await report(on: course)["by_content_type"].items.count == 2
            }
            #expect(try await report(on: course)["totals"]["count"].integer == 11)
        }

        @Test("Without auth the sum is 503; tokens that were good go on opening the rest")
        func authDown() async throws {
            _ = try await teacher.get("/analytics/me")
            try platform.kill(.auth)
            try await eventually("health says that auth is down") {
                try await platform.visitor.get("/health").status == 503
            }
            #expect(try await teacher.get("/analytics/me").status == 200)
            #expect(try await teacher.get("/auth/me").isProblem(503))
            try await platform.start(.auth)
            try await eventually("health is restored") { try await platform.visitor.get("/health").status == 200 }
        }

        @Test("A service that starts without auth serves what is public, and the rest as soon as auth is back")
        func startedWithoutAuth() async throws {
            let inside = APIClient(base: platform.url(of: .content))
            let (page, token) = ("/knowledge/\(DemoData.knowledge[0].id)", teacher.token)
            try platform.kill(.auth)
            try platform.kill(.content)
            try await platform.start(.content)

            let ready = try await inside.get("/ready")
            #expect(ready.status == 200 && ready.json["status"].string == "degraded", "\(ready)")
            #expect(ready.json["dependencies"]["auth"]["status"].string == "degraded", "\(ready)")
            #expect(try await inside.get(page).status == 200)
            let refused = try await inside.with(token: token).get(page)
            #expect(refused.isProblem(503) && refused.headers.first(name: "retry-after") != nil, "\(refused)")

            try await platform.start(.auth)
            try await eventually("content knows auth's keys") {
                try await inside.get("/ready").json["status"].string == "ok"
            }
            #expect(try await inside.with(token: token).get(page).status == 200)
            try await eventually("health is restored") { try await platform.visitor.get("/health").status == 200 }
        }

        /// Makes an item and tells of it what a generator would.
        private func reportGeneration(of type: String, in course: Course) async throws {
            var lesson = course.lesson(chapter: "one", language: "en")
            lesson["content_type"] = .string(type)
            lesson["title"] = .string(UUID().uuidString)
            let line = try await course.load([lesson], by: teacher)
            try #require(line.status == 200, "\(line)")
            let query = "/content?knowledge_id=\(course.id)&content_type=\(type)"
            let id = try #require(try await teacher.get(query).json["items"][0]["id"].integer)
            let report = try await teacher.post(
                "/content/\(id)/generation", ["status": "published", "generation_time": 2])
            try #require(report.status == 200, "\(report)")
        }

        private func report(on course: Course) async throws -> JSON {
            try await teacher.get("/analytics/content/\(course.id)").json
        }

        private func eventualCount(of course: Course) async throws -> Int? {
            var count: Int?
            try await eventually("the gateway reaches content again") {
                count = try await course.count(seenBy: teacher)
                return count != nil
            }
            return count
        }
    }
}
