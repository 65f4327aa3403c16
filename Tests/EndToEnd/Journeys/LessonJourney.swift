import Foundation
import ServiceKitTesting
import Testing
import WireProtocol

extension EndToEnd {
    /// A teacher writes, students read, analytics tells.
    @Suite struct LessonJourney {
        let platform: Platform
        let teacher: APIClient
        let student: APIClient

        init() async throws {
            platform = try .current
            teacher = try await platform.visitor.loggedIn(as: DemoData.teacher)
            student = try await platform.visitor.loggedIn(as: DemoData.student)
        }

        @Test("A visitor reads a lesson in the language that fits best")
        func visitorReads() async throws {
            let course = try await Course.create(by: teacher, title: "Plants", chapters: ["roots"])
            #expect(try await course.load(course.lessons(in: ["en", "de", "es", "pt-BR"]), by: teacher).status == 200)
            let path = "/knowledge/\(course.id)/chapters/roots/content/lesson"
            for (wanted, served) in [("pt-BR", "pt-BR"), ("de-AT, en;q=0.5", "de"), ("ja", "en"), ("", "en")] {
                let headers = wanted.isEmpty ? [:] : ["accept-language": wanted]
                let answer = try await platform.visitor.get(path, headers)
                #expect(answer.status == 200, "\(wanted): \(answer)")
                #expect(answer.headers.first(name: "content-language") == served, "wanted \(wanted)")
                #expect(answer.headers.first(name: "vary")?.lowercased().contains("accept-language") == true)
            }
        }

        @Test("What is seeded is there for visitors in each of its languages", .local, arguments: DemoData.languages)
        func seeded(language: LanguageTag) async throws {
            for item in DemoData.knowledge {
                let path = "/content?knowledge_id=\(item.id)&language=\(language)&limit=100"
                let texts = try await platform.visitor.get(path)
                #expect(texts.json["items"].items.count >= item.chapters.count, "\(texts)")
            }
        }

        @Test("What a teacher writes in four languages, students find, read and finish, and analytics counts")
        func teachAndLearn() async throws {
            let course = try await Course.create(by: teacher, title: "Tides", chapters: ["moon", "coast"])
            let languages = ["en", "de", "fr", "pt-BR"]
            let answer = try await course.load(course.lessons(in: languages), by: teacher)
            #expect(answer.status == 200, "\(answer)")
            #expect(answer.json["inserted"].integer == 8, "\(answer)")
            #expect(try await course.load(course.lessons(in: languages), by: teacher).json["unchanged"].integer == 8)

            let chapter = "/knowledge/\(course.id)/chapters/moon/content/lesson"
            let german = try await student.get(chapter, ["accept-language": "de-CH, fr;q=0.7"])
            #expect(german.headers.first(name: "content-language") == "de")
            #expect(german.json["title"].string == "moon (de)")
            let found = try await student.get("/content?knowledge_id=\(course.id)&language=en&q=gravity")
            #expect(found.json["items"].items.count == 2, "\(found)")

            let events =
                (1...5).map { _ in course.event("view", chapter: "moon") }
                + [
                    course.event("completion", chapter: "moon"),
                    course.event("time_spent", chapter: "moon", seconds: 90),
                ]
            try await eventually("analytics knows the course") {
                try await student.post("/analytics/events", ["events": .array(events)]).status == 202
            }
            let again = try await student.post("/analytics/events", ["events": .array(events)])
            #expect(again.json["duplicates"].integer == events.count, "\(again)")
            try await eventually("the chapter's engagement is reported") {
                let report = try await teacher.get("/analytics/engagement/\(course.id)").json
                let moon = report["chapters"].items.first { $0["chapter_id"].string == "moon" } ?? .null
                return moon["views"].integer == 5 && moon["completions"].integer == 1
                    && moon["avg_time_spent"].number == 90 && moon["learners"].integer == 1
            }
        }

        @Test("A hundred megabytes of lessons go in, and neither content nor the gateway holds them", .local)
        func constantMemory() async throws {
            let platform = try LocalPlatform.current
            let course = try await Course.create(by: teacher, title: "Large", chapters: ["one"])
            let body = String(repeating: "x", count: 250_000)
            let lessons = (1...400).map { number in
                var lesson = course.lesson(chapter: "one", language: "en", body: body)
                lesson["content_type"] = .string("part-\(number)")
                return lesson
            }
            // One that has run for a while has memory to use again, and seems to need none.
            try await platform.stop(.content)
            try await platform.start(.content)
            try await eventually("the gateway reaches content again") { try await course.count(seenBy: teacher) == 0 }
            let services = [Platform.Service.content, .gateway]
            let before = try services.map(platform.highestMemory)
            let answer = try await course.load(lessons, by: teacher)
            #expect(answer.json["inserted"].integer == lessons.count, "\(answer)")
            let after = try services.map(platform.highestMemory)
            for (service, growth) in zip(services, zip(before, after).map { $1 - $0 }) {
                #expect(growth < 64 << 20, "\(service): \(growth)")
            }
        }

        @Test("A draft is the teacher's own business; a student can't write")
        func draftsAreHidden() async throws {
            let course = try await Course.create(by: teacher, title: "Not yet", chapters: ["one"])
            var draft = course.lesson(chapter: "one", language: "en")
            draft["status"] = "draft"
            let created = try await teacher.post("/content", draft)
            #expect(created.status == 201, "\(created)")
            let path = "/content/\(created.json["id"].integer ?? 0)"
            #expect(try await teacher.get(path).status == 200)
            #expect(try await student.get(path).isProblem(404))
            #expect(try await platform.visitor.get(path).isProblem(404))
            #expect(try await student.post("/content", draft).isProblem(403))
            #expect(try await platform.visitor.post("/content", draft).isProblem(401))
        }

        @Test("Of two writers with the same version one is told that it is stale")
        func lostUpdate() async throws {
            let course = try await Course.create(by: teacher, title: "Two writers", chapters: ["one"])
            let created = try await teacher.post("/content", course.lesson(chapter: "one", language: "en"))
            let path = "/content/\(created.json["id"].integer ?? 0)"
            let tag = try #require(try await teacher.get(path).headers.first(name: "etag"))
            async let one = teacher.call(.PATCH, path, ["if-match": tag], json: ["title": "First"])
            async let other = teacher.call(.PATCH, path, ["if-match": tag], json: ["title": "Second"])
            #expect(try await [one.status, other.status].sorted() == [200, 412])
            #expect(try await teacher.call(.PATCH, path, json: ["title": "Third"]).isProblem(428))
        }

        @Test("Analytics hears of what a generator reports")
        func generation() async throws {
            let course = try await Course.create(by: teacher, title: "Generated", chapters: ["one"])
            let created = try await teacher.post("/content", course.lesson(chapter: "one", language: "en"))
            let report: JSON = ["status": "published", "generation_time": 3]
            let answer = try await teacher.post("/content/\(created.json["id"].integer ?? 0)/generation", report)
            #expect((200...204).contains(answer.status), "\(answer)")
            try await eventually("the generation is counted") {
                let totals = try await teacher.get("/analytics/content/\(course.id)").json["totals"]
                return totals["count"].integer == 1 && totals["succeeded"].integer == 1
            }
        }
    }
}
