import Foundation
import ServiceKitTesting
import Testing
import WireProtocol

extension EndToEnd {
    /// Somebody who has left a trace in every service deletes the account.
    @Suite(.local) struct Erasure {
        static let password = "seven brown owls"

        let platform: LocalPlatform
        let admin: APIClient

        init() async throws {
            platform = try .current
            admin = try await platform.visitor.loggedIn(as: DemoData.admin)
        }

        @Test("After that no service knows the user any more, and what others need is still there")
        func everywhere() async throws {
            let email = "leaver-\(UUID().uuidString.lowercased())@example.org"
            let made = try await admin.post(
                "/auth/users",
                ["email": .string(email), "password": .string(Self.password), "role": "teacher"])
            try #require(made.status == 201, "\(made)")
            let id = try #require(made.json["id"].string)
            let leaver = try await platform.visitor.loggedIn(email: email, password: Self.password)

            let course = try await Course.create(by: leaver, title: "Tides", chapters: ["moon"])
            let lesson = course.lesson(chapter: "moon", language: "en")
            let item = try await leaver.post("/content", .object(lesson), ["idempotency-key": UUID().uuidString])
            try #require(item.status == 201, "\(item)")
            let picture = Upload.picture(bytes: 500)
            let file = try await Upload(picture, name: "own.png", visibility: "private").send(by: leaver)
            try #require(file.status == 201, "\(file)")
            let learned = try await leaver.post(
                "/analytics/events", ["events": .array([course.event("view", chapter: "moon")])])
            try #require(learned.status == 202, "\(learned)")
            for table in ["auth.users", "content.knowledge", "media.media", "analytics.learning_events"] {
                #expect(try await traces(of: id).contains(table), "\(table)")
            }
            let export = try await leaver.get("/auth/me/export")
            #expect(export.status == 200 && export.json["user"]["email"].string == email, "\(export)")

            let wrong = try await leaver.call(.DELETE, "/auth/me", json: ["current_password": "wrong password"])
            #expect(wrong.isProblem(422), "\(wrong)")
            let gone = try await leaver.call(.DELETE, "/auth/me", json: ["current_password": .string(Self.password)])
            try #require(gone.status == 204, "\(gone)")

            // A revocation is kept for as long as the user's tokens would live.
            try await eventually("nothing of \(id) is left") {
                try await traces(of: id).subtracting(["auth.revocations"]).isEmpty
            }
            #expect(try await traces(of: email).isEmpty)
            let read = try await platform.visitor.get("/content/\(item.json["id"].integer ?? 0)")
            #expect(read.status == 200, "\(read)")
            #expect(read.json["created_by"].string == Identifier.nobody.description)
            let engagement = try await admin.get("/analytics/engagement/\(course.id)")
            #expect(engagement.json["totals"]["views"].integer == 1, "\(engagement)")
            for path in ["/auth/me", "/analytics/me", "/media"] {
                try await eventually("\(path) refuses the leaver's token") {
                    try await leaver.get(path).isProblem(401)
                }
            }
        }

        /// The tables of all services in which a row holds `text` anywhere.
        private func traces(of text: String) async throws -> Set<String> {
            let found = try await platform.query(
                """
                SELECT DISTINCT schemaname || '.' || tablename
                  FROM pg_tables,
                       query_to_xml(
                           format('SELECT 1 FROM %I.%I AS r WHERE strpos(r::text, %L) > 0 LIMIT 1',
                                  schemaname, tablename, '\(text)'), false, true, '') AS found
                 WHERE schemaname IN ('auth', 'content', 'media', 'analytics')
                   AND found::text <> ''
                """)
            return Set(found.split(separator: "\n").map(String.init))
        }
    }
}
