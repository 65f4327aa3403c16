import FoundationEssentials
import Hummingbird
import HummingbirdTesting
import Logging
import Postgres
import PostgresTesting
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Content

/// The content service as it is served, over a database of its own.
struct ContentFixture: Sendable {
    let database: PostgresClient
    let admin: Caller
    let teacher: Caller
    let student: Caller
    let anyone: Caller
    let teacherID: Identifier

    static func run(
        maximumBulkBytes: Int = 110_000_000, _ body: @Sendable (ContentFixture) async throws -> Void
    ) async throws {
        let tokens = try await TestTokens()
        let serviceTokens = await ServiceTokens(service: "content", secret: TestTokens.internalSecret)
        let teacherID = Identifier()
        let teacher = try await tokens.token(.teacher, user: teacherID)
        let (admin, student) = (try await tokens.token(.admin), try await tokens.token(.student))
        try await withTestDatabase(migrations: ContentService.migrations) { database in
            var reader = SettingsReader(environment: [:])
            let application = ServiceApplication(
                service: "content", process: ProcessSettings(from: &reader, port: 0), contract: [],
                routes: ContentService.routes(
                    database, graph: PostgresGraph(database: database), progress: FixedProgress(),
                    maximumBulkBytes: maximumBulkBytes),
                tokens: tokens.verifier,
                serviceTokens: serviceTokens, idempotency: IdempotencyStore(database), readiness: []
            ).build(services: [], logger: Logger(label: "content") { _ in SwiftLogNoOpLogHandler() })
            try await application.test(.router) { client async throws in
                try await body(
                    ContentFixture(
                        database: database, admin: Caller(client: client, token: admin),
                        teacher: Caller(client: client, token: teacher),
                        student: Caller(client: client, token: student), anyone: Caller(client: client, token: nil),
                        teacherID: teacherID))
            }
        }
    }

    /// A knowledge item with chapters titled as their ids.
    @discardableResult
    func knowledge(_ chapters: String..., language: String = "en") async throws -> Int {
        let made = try await teacher.post(
            "/knowledge", #"{"title": "Fractions", "subject": "mathematics", "default_language": "\#(language)"}"#)
        let id = try #require(made["id"].int)
        for (position, chapter) in chapters.enumerated() {
            let answer = try await teacher.call(
                .put, "/knowledge/\(id)/chapters/\(chapter)", #"{"title": "\#(chapter)", "position": \#(position)}"#)
            #expect(answer.status == .created)
        }
        return id
    }

    /// A content item, published unless told otherwise.
    @discardableResult
    func content(
        _ knowledge: Int, _ chapter: String, _ language: String = "en", type: String = "lesson",
        title: String = "Halves", body: String = "A half is one of two equal parts.", status: String = "published"
    ) async throws -> Answer {
        let answer = try await teacher.post(
            "/content",
            JSONValue.object([
                "knowledge_id": .integer(Int64(knowledge)), "chapter_id": .string(chapter),
                "language": .string(language), "content_type": .string(type), "title": .string(title),
                "body": .string(body), "status": .string(status),
            ]).text)
        #expect(answer.status == .created, "\(answer.text)")
        return answer
    }

    /// What others are still to be told, oldest first.
    func events() async throws -> [Event] {
        let rows = try await database.query("SELECT event::text AS event FROM outbox ORDER BY position")
        return try rows.map { row in
            let text: String = try row["event"]
            return try WireJSON.decode(Event.self, from: Data(text.utf8))
        }
    }

    func forgetEvents() async throws {
        try await database.query("DELETE FROM outbox")
    }
}
