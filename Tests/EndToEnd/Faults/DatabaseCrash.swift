import Foundation
import ServiceKitTesting
import Testing
import WireProtocol

extension EndToEnd {
    /// PostgreSQL goes away under load, as in a power cut, and comes back.
    @Suite(.local) struct DatabaseCrash {
        let platform: LocalPlatform
        let teacher: APIClient

        init() async throws {
            platform = try .current
            teacher = try await platform.visitor.loggedIn(as: DemoData.teacher)
        }

        @Test("Every write that was acknowledged is there afterwards, and no event counts twice")
        func acknowledgedWritesStay() async throws {
            let course = try await Course.create(by: teacher, title: "Crash", chapters: ["one"])
            try await eventually("analytics knows the course") {
                let probe: JSON = ["events": [course.event("completion", chapter: "one")]]
                return try await teacher.post("/analytics/events", probe).status == 202
            }
            let writer = Writer(teacher: teacher, course: course)
            let load = Task { try await writer.run() }
            try await eventually("both kinds of writes are acknowledged") { await writer.hasWritten(20) }
            try await platform.crashDatabase()
            let before = await writer.acknowledged
            try await eventually("writes are acknowledged again", within: .seconds(30)) {
                await writer.hasWritten(before + 20)
            }
            await writer.finish()
            try await load.value

            #expect(await writer.unexpected.isEmpty)
            for id in await writer.items {
                #expect(try await teacher.get("/content/\(id)").status == 200)
            }
            let sent = await writer.views
            try await eventually("engagement counts each view once") {
                let report = try await teacher.get("/analytics/engagement/\(course.id)").json
                return report["chapters"][0]["views"].integer == sent
            }
            try await eventually("health is restored") {
                try await platform.visitor.get("/health").json["status"].string == "ok"
            }
        }
    }
}

/// Writes lessons and events until told to stop, and keeps the books.
private actor Writer {
    private(set) var items: [Int] = []
    private(set) var views = 0
    /// Answers that no failing dependency explains.
    private(set) var unexpected: [String] = []
    private let teacher: APIClient
    private let course: Course
    private var isFinished = false

    init(teacher: APIClient, course: Course) {
        self.teacher = teacher
        self.course = course
    }

    var acknowledged: Int { min(items.count, views) }

    func hasWritten(_ count: Int) -> Bool { acknowledged >= count }

    func finish() { isFinished = true }

    func run() async throws {
        async let lessons: Void = writeLessons()
        async let events: Void = recordViews()
        _ = try await (lessons, events)
    }

    private func writeLessons() async throws {
        var number = 0
        while !isFinished {
            number += 1
            var lesson = course.lesson(chapter: "one", language: "en")
            lesson["content_type"] = .string("exercise-\(number)")
            let answer = try await teacher.post("/content", lesson)
            if answer.status == 201, let id = answer.json["id"].integer { items.append(id) } else { judge(answer) }
        }
    }

    /// An event that was not acknowledged is sent again under its id, as an app would.
    private func recordViews() async throws {
        while !isFinished {
            let event = course.event("view", chapter: "one")
            var isRecorded = false
            while !isRecorded {
                let answer = try await teacher.post("/analytics/events", ["events": [event]])
                isRecorded = answer.status == 202
                if !isRecorded { judge(answer) }
            }
            views += 1
        }
    }

    private func judge(_ answer: Answer) {
        if !answer.isProblem(503) && !answer.isProblem(504) { unexpected.append(answer.description) }
    }
}
