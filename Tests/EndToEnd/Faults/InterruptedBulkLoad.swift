import AsyncHTTPClient
import Foundation
import ServiceKitTesting
import Testing
import WireProtocol

extension EndToEnd {
    /// Bulk loads that are cut off between two of their batches.
    @Suite(.local) struct InterruptedBulkLoad {
        enum Victim: CaseIterable {
            case content, database
        }

        let platform: LocalPlatform
        let teacher: APIClient

        init() async throws {
            platform = try .current
            teacher = try await platform.visitor.loggedIn(as: DemoData.teacher)
        }

        @Test(
            "Whatever dies amid a load, sent again with its key it ends in exactly the rows of the file",
            arguments: Victim.allCases)
        func resumes(victim: Victim) async throws {
            let course = try await Course.create(by: teacher, title: "Cut off", chapters: ["one"])
            // One whole batch, and the beginning of another.
            let rows = 10_500
            let lines = try (1...rows).map { number in
                var lesson = course.lesson(chapter: "one", language: "en")
                lesson["content_type"] = .string("part-\(number)")
                return try Course.lines([lesson])
            }
            let file = stride(from: 0, to: rows, by: 500).map { Data(lines[$0..<$0 + 500].joined()) }
            let headers = ["content-type": "application/x-ndjson", "idempotency-key": UUID().uuidString]

            let cut = try? await send(file, headers) {
                try await eventually("a batch is in place") { try await course.count(seenBy: teacher) ?? 0 > 0 }
                try await strike(victim)
            }
            #expect(cut.map { [502, 503, 504].contains($0.status) } ?? true, "\(String(describing: cut))")
            try await revive(victim)
            var kept: Int?
            try await eventually("content serves again") {
                kept = try await course.count(seenBy: teacher)
                return kept != nil
            }
            #expect((1..<rows).contains(kept ?? 0), "\(String(describing: kept))")

            let answer = try await send(file, headers)
            #expect(answer.status == 200 && answer.json["inserted"].integer == rows, "\(answer)")
            let found = try await platform.query(
                """
                SELECT count(*) || ' ' || count(DISTINCT content_type) || ' ' || sum(version)
                  FROM content.edtech_content
                 WHERE knowledge_id = \(course.id)
                """)
            #expect(found.contains("\(rows) \(rows) \(rows)"), "\(found)")
        }

        private func send(
            _ file: [Data], _ headers: [String: String], pause: @escaping @Sendable () async throws -> Void = {}
        ) async throws -> Answer {
            try await teacher.call(.POST, "/content/bulk", headers, .paused(file, pause: pause))
        }

        private func strike(_ victim: Victim) async throws {
            switch victim {
            case .content: try platform.kill(.content)
            case .database: try await platform.databaseScript("kill")
            }
        }

        private func revive(_ victim: Victim) async throws {
            switch victim {
            case .content: try await platform.start(.content)
            case .database: try await platform.databaseScript("start")
            }
        }
    }
}
