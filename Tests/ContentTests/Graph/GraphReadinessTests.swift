import Hummingbird
import HummingbirdTesting
import PostgresTesting
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Content

@Suite("What content is without its graph") struct GraphReadinessTests {
    @Test("degraded and ready, so that lessons are served on")
    func withoutNeo4j() async throws {
        let tokens = try await TestTokens()
        let serviceTokens = await ServiceTokens(service: "content", secret: TestTokens.internalSecret)
        // Nothing listens there.
        var reader = SettingsReader(environment: ["GRAPH_URL": "bolt://neo4j:secret@127.0.0.1:1/neo4j"])
        let settings = GraphSettings(from: &reader)
        try await withTestDatabase(migrations: ContentService.migrations) { database in
            let graph = try ChosenGraph(settings, database: database, logger: TestGraph.quiet)
            let application = ServiceApplication(
                service: "content", process: ProcessSettings(from: &reader, port: 0), contract: [], routes: [],
                tokens: tokens.verifier, serviceTokens: serviceTokens, idempotency: nil,
                readiness: [.postgres(database)] + graph.readiness
            ).build(services: graph.services, logger: TestGraph.quiet)
            try await application.test(.live) { client async throws in
                let answer = try await client.execute(uri: "/ready", method: .get)
                #expect(answer.status == .ok)
                let readiness = try WireJSON.decode(Readiness.self, from: .init(buffer: answer.body))
                #expect(readiness.status == .degraded)
                #expect(readiness.dependencies["graph"]?.status == .degraded)
                #expect(readiness.dependencies["postgres"]?.status == .ok)
            }
        }
    }
}
