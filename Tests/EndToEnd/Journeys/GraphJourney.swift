import Foundation
import ServiceKitTesting
import Testing
import WireProtocol

extension EndToEnd {
    /// What to learn first, in either store.
    @Suite struct GraphJourney {
        /// A database that speaks Bolt and may be emptied; `make test` sets both variables.
        static let bolt: String? = {
            let environment = ProcessInfo.processInfo.environment
            guard let server = environment["TEST_GRAPH_URL"] else { return nil }
            return environment["TEST_GRAPH_DATABASES"]?.split(separator: " ").first.map { "\(server)/\($0)" }
        }()

        let platform: Platform
        let teacher: APIClient

        init() async throws {
            platform = try .current
            teacher = try await platform.visitor.loggedIn(as: DemoData.teacher)
        }

        @Test("What a learner has completed is not in the way to what is next")
        func ownProgress() async throws {
            let (course, halves, adding) = try await lessons()
            let learner = platform.visitor.with(token: try await SignedUp(platform.visitor).token)
            let path = "/graph/concepts/\(adding)/learning-path?known=me"
            #expect(try await slugs(of: path, by: learner) == [halves, adding])
            let events: JSON = ["events": [course.event("completion", chapter: "one")]]
            try await eventually("analytics takes the completion") {
                try await learner.post("/analytics/events", events).status == 202
            }
            try await eventually("the path is shorter") { try await slugs(of: path, by: learner) == [adding] }
            let other = platform.visitor.with(token: try await SignedUp(platform.visitor).token)
            #expect(try await slugs(of: path, by: other) == [halves, adding])
            #expect(try await platform.visitor.get(path).isProblem(401))
        }

        @Test(
            "The graph moves to another store and back by command, and reads the same there", .local,
            .enabled(if: bolt != nil))
        func copy() async throws {
            let platform = try LocalPlatform.current
            let (_, halves, adding) = try await lessons()
            let settings = ["GRAPH_URL": try #require(Self.bolt)]
            func copy(_ arguments: String...) async throws -> Command.Outcome {
                try await platform.command(of: .content, ["graph", "copy"] + arguments, settings: settings).run()
            }
            let path = "/graph/concepts/\(adding)/learning-path"
            let before = try await platform.visitor.get(path)

            let out = try await copy("--from", "postgres", "--to", "bolt", "--replace")
            #expect(out.status == 0 && out.output.contains("both hold"), "\(out)")
            let refused = try await copy("--from", "bolt", "--to", "postgres")
            #expect(refused.status != 0 && refused.output.contains("concepts already"), "\(refused)")
            let back = try await copy("--from", "bolt", "--to", "postgres", "--resume")
            #expect(back.status == 0 && held(back) == held(out), "\(back)")

            try await platform.stop(.content)
            try await platform.start(.content, settings: settings)
            try await eventually("the other store is read") {
                try await platform.visitor.get(path).body == before.body
            }
            // Only what is in use is written to.
            #expect(try await teacher.delete("/graph/concepts/\(halves)").status == 204)
            #expect(try await slugs(of: path, by: platform.visitor) == [adding])
            try await platform.stop(.content)
            try await platform.start(.content)
            try await eventually("the graph in PostgreSQL is as it was") {
                try await platform.visitor.get(path).body == before.body
            }
        }

        /// What `content graph copy` says of both stores.
        private func held(_ outcome: Command.Outcome) -> Substring? {
            outcome.output.split(separator: "\n").first { $0.hasPrefix("both hold") }
        }

        /// A course whose first chapter teaches a concept, which another one needs.
        private func lessons() async throws -> (Course, halves: String, adding: String) {
            let course = try await Course.create(by: teacher, title: "Fractions", chapters: ["one"])
            let (halves, adding) = ("halves-\(course.id)", "adding-\(course.id)")
            for slug in [halves, adding] {
                #expect(try await teacher.put("/graph/concepts/\(slug)", ["title": .string(slug)]).status == 201)
            }
            for path in ["concepts/\(adding)/prerequisites/\(halves)", "chapters/\(course.id)/one/concepts/\(halves)"] {
                #expect(try await teacher.call(.PUT, "/graph/\(path)").status == 204)
            }
            return (course, halves, adding)
        }

        private func slugs(of path: String, by caller: APIClient) async throws -> [String] {
            try await caller.get(path).json["items"].items.compactMap { $0["slug"].string }
        }
    }
}
