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

/// `/graph` as it is served, over a database of its own.
struct GraphFixture: Sendable {
    let database: PostgresClient
    let graph: any GraphTransfer
    /// Calls as a teacher; `anyone` and `student` call as those.
    let teacher: GraphCaller
    let student: GraphCaller
    let anyone: GraphCaller

    static func run(
        on backend: GraphBackend = .postgres, progress: any LearnerProgress = FixedProgress(),
        _ body: @Sendable (GraphFixture) async throws -> Void
    ) async throws {
        let tokens = try await TestTokens()
        let teacher = try await tokens.token(.teacher)
        let student = try await tokens.token(.student)
        let serviceTokens = await ServiceTokens(service: "content", secret: TestTokens.internalSecret)
        try await withTestDatabase(migrations: ContentService.migrations) { database in
            try await backend.withStore(database) { graph in
                var reader = SettingsReader(environment: [:])
                let application = ServiceApplication(
                    service: "content", process: ProcessSettings(from: &reader, port: 0), contract: [],
                    routes: GraphRoutes(
                        graph: graph, titles: PostgresChapterTitles(database: database), progress: progress
                    ).routes,
                    tokens: tokens.verifier, serviceTokens: serviceTokens, idempotency: IdempotencyStore(database),
                    readiness: []
                ).build(services: [], logger: TestGraph.quiet)
                try await application.test(.router) { client async throws in
                    try await body(
                        GraphFixture(
                            database: database, graph: graph, teacher: GraphCaller(client: client, token: teacher),
                            student: GraphCaller(client: client, token: student),
                            anyone: GraphCaller(client: client, token: nil)))
                }
            }
        }
    }

    /// Makes concepts, titled as their slugs.
    func concepts(_ slugs: String...) async throws {
        for slug in slugs { try await teacher.made("/graph/concepts/\(slug)", #"{"title": "\#(slug)"}"#) }
    }

    /// Each concept needs the one after it.
    func chain(_ slugs: String...) async throws {
        for (concept, needs) in zip(slugs, slugs.dropFirst()) {
            try await graph.add(Prerequisite(concept: ConceptSlug(concept)!, needs: ConceptSlug(needs)!))
        }
    }

    /// A knowledge item, in English, with chapters titled as their ids.
    func knowledge(_ id: Int, chapters: String...) async throws {
        try await database.query(
            """
            INSERT INTO knowledge (id, title, default_language, created_by)
            VALUES ($1, 'Fractions', 'en', gen_random_uuid())
            """, [id])
        try await database.query(
            """
            INSERT INTO chapters (knowledge_id, chapter_id, title, position)
            SELECT $1, chapter_id, chapter_id, number
              FROM unnest($2::text[]) WITH ORDINALITY AS c (chapter_id, number)
            """, [id, chapters])
    }

    func lesson(_ knowledge: Int, _ chapter: String, _ language: String, title: String, status: String = "published")
        async throws
    {
        try await database.query(
            """
            INSERT INTO edtech_content (
                knowledge_id, chapter_id, language, content_type, title, body, format, status, created_by, updated_by)
            VALUES ($1, $2, $3, 'lesson', $4, '', 'markdown', $5, gen_random_uuid(), gen_random_uuid())
            """, [knowledge, chapter, language, title, status])
    }
}

extension GraphFixture {
    /// All prerequisites as the store holds them.
    func stored() async throws -> Set<Prerequisite> {
        var stored: Set<Prerequisite> = []
        for try await page in ConceptPages(store: graph, size: 100) {
            for (concept, needs) in try await graph.prerequisites(of: page.map(\.slug)) {
                for other in needs { stored.insert(Prerequisite(concept: concept, needs: other)) }
            }
        }
        return stored
    }
}

extension ModelGraph {
    /// The same at each call.
    static func random(_ count: Int, links: Int) -> ModelGraph {
        var generator = SplitMix(seed: 1)
        return random(count, links: links, using: &generator)
    }

    var asImport: GraphImport {
        let text = { (slug: ConceptSlug) in ConceptText(title: slug.description, summary: "", metadata: .empty) }
        return GraphImport(
            concepts: concepts.map { GraphImport.Entry(slug: $0, text: text($0)) }, prerequisites: prerequisites)
    }
}
