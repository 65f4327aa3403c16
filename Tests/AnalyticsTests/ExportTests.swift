import FoundationEssentials
import Hummingbird
import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Analytics

@Suite("Exports", .enabled(if: TestDatabase.isAvailable))
struct ExportTests {
    @Test("have every row, as CSV and as NDJSON", arguments: hostileTexts)
    func rows(text: String) async throws {
        try await Fixture.run { analytics in
            let admin = try await analytics.tokens.token(.admin)
            _ = try await analytics.send([
                .event("time_spent", 1, text, seconds: 3, at: "2026-03-01T10:00:00Z"), .event("view", 2),
            ])
            let csv = try await analytics.get("/analytics/export/learning_events", as: admin)
            #expect(csv.headers[.contentType] == "text/csv")
            #expect(csv.text.hasPrefix("id,learner_id,type,knowledge_id,chapter_id,language,seconds,occurred_at"))
            #expect(csv.text.split(separator: "\n").count == 3)
            let answer = try await analytics.get(
                "/analytics/export/learning_events", as: admin, accept: "application/x-ndjson")
            #expect(answer.headers[.contentType] == "application/x-ndjson")
            let lines = try answer.text.split(separator: "\n").map {
                try WireJSON.decode(JSONValue.self, from: Data($0.utf8))
            }
            #expect(lines.count == 2)
            let line = try #require(lines.first { $0["knowledge_id"] == 1 })
            #expect(line["chapter_id"].string == text)
            #expect(line["occurred_at"].string.flatMap(Timestamp.parse) == Timestamp.parse("2026-03-01T10:00:00Z"))
        }
    }

    @Test("can be had of every table on the list")
    func tables() async throws {
        try await Fixture.run { analytics in
            try await DemoSeed(database: analytics.database).run()
            let admin = try await analytics.tokens.token(.admin)
            for table in ExportTable.allCases.map(\.rawValue) {
                let rows = try await analytics.count("SELECT count(*) FROM " + SQL(unchecked: table))
                for (format, lines) in [(ExportFormat.csv, rows + 1), (.ndjson, rows)] {
                    let answer = try await analytics.get("/analytics/export/\(table)?format=\(format)", as: admin)
                    #expect(answer.status == .ok)
                    #expect(answer.headers[.contentDisposition] == #"attachment; filename="\#(table).\#(format)""#)
                    #expect(answer.text.split(separator: "\n").count == lines, "\(table) as \(format)")
                }
            }
        }
    }

    @Test(
        "are refused for what is not on the list", arguments: ["inbox", "pg_authid", "knowledge;", "%22", "event_ids"])
    func others(table: String) async throws {
        try await Fixture.run { analytics in
            let admin = try await analytics.tokens.token(.admin)
            #expect(try await analytics.get("/analytics/export/\(table)", as: admin).status == .notFound)
        }
    }

    @Test("are refused in forms that there are not")
    func forms() async throws {
        try await Fixture.run { analytics in
            let admin = try await analytics.tokens.token(.admin)
            let asked = try await analytics.get("/analytics/export/knowledge?format=xml", as: admin)
            #expect(asked.status == .unprocessableContent)
            let accepted = try await analytics.get("/analytics/export/knowledge", as: admin, accept: "application/pdf")
            #expect(accepted.status == .notAcceptable)
        }
    }
}
