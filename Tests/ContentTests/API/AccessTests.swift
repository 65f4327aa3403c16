import HTTPTypes
import PostgresTesting
import ServiceKitTesting
import Testing

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct AccessTests {
    private enum Least {
        case anyone, teacher, admin, service
    }

    /// Who may make which call. The graph's routes are in its own tests.
    private static let matrix: [String: Least] = [
        "GET /knowledge": .anyone, "POST /knowledge": .teacher, "GET /knowledge/{id}": .anyone,
        "PATCH /knowledge/{id}": .teacher, "DELETE /knowledge/{id}": .teacher, "GET /knowledge/{id}/languages": .anyone,
        "GET /knowledge/{id}/chapters": .anyone, "GET /knowledge/{id}/chapters/{chapter_id}": .anyone,
        "PUT /knowledge/{id}/chapters/{chapter_id}": .teacher, "DELETE /knowledge/{id}/chapters/{chapter_id}": .teacher,
        "GET /knowledge/{id}/chapters/{chapter_id}/languages": .anyone,
        "GET /knowledge/{id}/chapters/{chapter_id}/content/{content_type}": .anyone, "GET /content": .anyone,
        "POST /content": .teacher, "POST /content/bulk": .teacher, "GET /content/{id}": .anyone,
        "PUT /content/{id}": .teacher, "PATCH /content/{id}": .teacher, "DELETE /content/{id}": .teacher,
        "POST /content/{id}/generation": .teacher, "GET /content/{id}/versions": .teacher,
        "GET /content/dangling-media": .teacher, "GET /content/export": .teacher, "GET /content/trash": .teacher,
        "POST /content/trash/{id}/restore": .teacher,
        "DELETE /content/trash/{id}": .admin, "GET /content/{id}/versions/{n}/diff": .teacher,
        "GET /content/{id}/versions/{n}": .teacher, "POST /content/{id}/versions/{n}/restore": .teacher,
        "POST /internal/events": .service,
    ]

    @Test func `The matrix has every route, and no other`() async throws {
        try await ContentFixture.run { fixture async throws in
            let routes = ContentService.routes(
                fixture.database, graph: PostgresGraph(database: fixture.database), progress: FixedProgress(),
                maximumBulkBytes: 1_000
            ).map(\.operation)
            #expect(Set(routes.filter { !$0.contains(" /graph") }) == Set(Self.matrix.keys))
            #expect(routes.count == Set(routes).count)
        }
    }

    @Test(arguments: matrix.keys.sorted())
    func `A call is refused to whoever may not make it`(operation: String) async throws {
        try await ContentFixture.run { fixture async throws in
            let parts = operation.split(separator: " ").map(String.init)
            let method = try #require(HTTPRequest.Method(parts[0]))
            let path = parts[1].replacing("{id}", with: "999999").replacing("{n}", with: "1")
                .replacing("{chapter_id}", with: "a").replacing("{content_type}", with: "lesson")
            func status(_ caller: Caller) async throws -> Int {
                try await caller.call(method, path, method == .get ? nil : "{}").status.code
            }
            if Self.matrix[operation] == .service {
                for caller in [fixture.anyone, fixture.student, fixture.teacher, fixture.admin] {
                    #expect(try await status(caller) == 401)
                }
                return
            }
            let open = Self.matrix[operation] == .anyone
            #expect(try await status(fixture.anyone) == (open ? status(fixture.teacher) : 401))
            #expect(try await status(fixture.student) == (open ? status(fixture.teacher) : 403))
            #expect(try await [401, 403].contains(status(fixture.teacher)) == (Self.matrix[operation] == .admin))
            #expect(try await ![401, 403].contains(status(fixture.admin)))
        }
    }

    @Test func `A bad token is refused even where none is needed`() async throws {
        try await ContentFixture.run { fixture async throws in
            let forger = Caller(client: fixture.anyone.client, token: "not.a.token")
            let answer = try await forger.get("/knowledge")
            #expect(answer.status == .unauthorized)
            #expect(answer.headers[.wwwAuthenticate] == #"Bearer error="invalid_token""#)
        }
    }
}
