import FoundationEssentials
import Hummingbird
import HummingbirdTesting
import Postgres
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Analytics

@Suite("While the database is away")
struct UnavailableTests {
    @Test("every call is answered with 503 and when to try again")
    func unavailable() async throws {
        let tokens = try await TestTokens()
        let store = AbsentStore()
        let routes =
            EventRoutes(log: store).routes + GenerationRoutes(log: store).routes
            + EngagementRoutes(reports: store).routes + PerformanceRoutes(reports: store).routes
            + ProgressRoutes(book: store).routes + CoverageRoutes(reports: store).routes
            + ExportRoutes(exports: store).routes + IncomingEvents(sink: store).routes
        var reader = SettingsReader(environment: [:])
        let server = ServiceApplication(
            service: "analytics", process: ProcessSettings(from: &reader, port: 0), contract: [], routes: routes,
            tokens: tokens.verifier,
            serviceTokens: await ServiceTokens(service: "analytics", secret: TestTokens.internalSecret),
            idempotency: nil, readiness: [])
        let admin = try await tokens.token(.admin)
        let service = try await tokens.serviceToken()
        try await server.build(services: [], logger: Fixture.quiet).test(.router) { client in
            for route in routes {
                let path = route.path.replacing("{knowledge_id}", with: "1").replacing("{table}", with: "knowledge")
                let answer = try await client.execute(
                    uri: path, method: route.method,
                    headers: [
                        .authorization: "Bearer \(route.access == .service ? service : admin)",
                        .contentType: "application/json",
                    ],
                    body: ByteBuffer(
                        string: """
                            {"events":[],"knowledge_id":1,"content_type":"quiz","language":"en","generation_time":1,
                             "success":true}
                            """))
                #expect(answer.status == .serviceUnavailable, "\(route.operation)")
                #expect(answer.headers[.retryAfter] != nil, "\(route.operation)")
                #expect(answer.headers[.contentType] == Problem.mediaType, "\(route.operation)")
            }
        }
    }
}

/// Stands in for every store, and can't reach its database.
private struct AbsentStore: LearningEventLog, GenerationLog, EngagementReports, PerformanceReports, ProgressBook,
    CoverageReports, Exports, EventSink
{
    private let away = PostgresError.connection("refused")

    func record(_ events: [LearningEvent], by learner: UUID) async throws -> Int { throw away }
    func append(_ record: GenerationRecord) async throws -> StoredGeneration { throw away }
    func report(on knowledgeID: Int, in range: TimeRange) async throws -> GenerationReport? { throw away }
    func engagement(of knowledgeID: Int, in range: TimeRange, byDay: Bool) async throws -> EngagementReport? {
        throw away
    }
    func effectiveness(of knowledgeID: Int) async throws -> EffectivenessReport? { throw away }
    func performance(_ question: PerformanceQuestion) async throws -> PerformanceReport { throw away }
    func progress(of learner: UUID, after: Int?, limit: Int) async throws -> [CourseProgress] { throw away }
    func courseCount(of learner: UUID) async throws -> Int { throw away }
    func coverage(after: Int?, limit: Int) async throws -> [CourseCoverage] { throw away }
    func totals() async throws -> CoverageTotals { throw away }
    func prepare(_ table: ExportTable) async throws { throw away }
    func export(
        _ table: ExportTable, as format: ExportFormat, to write: (_ chunk: [UInt8]) async throws -> Void
    ) async throws { throw away }
    func receive(_ events: [Event]) async throws -> EventReceipt { throw away }
}
