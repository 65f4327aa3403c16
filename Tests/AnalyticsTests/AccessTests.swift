import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@Suite("Access", .enabled(if: TestDatabase.isAvailable))
struct AccessTests {
    private enum Who: CaseIterable {
        case nobody, student, teacher, admin, service, stranger
    }

    @Test("is as the table says")
    func matrix() async throws {
        try await Fixture.run { analytics in
            _ = try await analytics.send([.event()])
            let tokens: [Who: String] = [
                .student: try await analytics.tokens.token(.student),
                .teacher: try await analytics.tokens.token(.teacher),
                .admin: try await analytics.tokens.token(.admin),
                .service: try await analytics.tokens.serviceToken(),
                .stranger: try await analytics.tokens.token(.admin, audience: "elsewhere"),
            ]
            let event = #"{"events":[]}"#
            let record =
                #"{"knowledge_id":1,"content_type":"quiz","language":"en","generation_time":1,"success":true}"#
            let users: Set<Who> = [.student, .teacher, .admin]
            let teachers: Set<Who> = [.teacher, .admin]
            let table: [(method: HTTPRequest.Method, path: String, body: String?, status: Int, allowed: Set<Who>)] = [
                (.post, "/analytics/events", event, 202, users),
                (.get, "/analytics/me", nil, 200, users),
                (.post, "/analytics/content", record, 201, teachers),
                (.get, "/analytics/content/1", nil, 200, teachers),
                (.get, "/analytics/engagement/1", nil, 200, teachers),
                (.get, "/analytics/effectiveness/1", nil, 200, teachers),
                (.get, "/analytics/coverage", nil, 200, teachers),
                (.get, "/analytics/performance", nil, 200, teachers),
                (.get, "/analytics/export/knowledge", nil, 200, [.admin]),
                (.post, "/internal/events", event, 200, [.service]),
            ]
            for (method, path, body, status, allowed) in table {
                for who in Who.allCases {
                    var headers: HTTPFields = [.contentType: "application/json"]
                    headers[.authorization] = tokens[who].map { "Bearer \($0)" }
                    let answer = try await analytics.client.execute(
                        uri: path, method: method, headers: headers, body: body.map { .init(string: $0) })
                    let isUser = users.contains(who) && path != "/internal/events"
                    let expected = allowed.contains(who) ? status : isUser ? 403 : 401
                    #expect(answer.status.code == expected, "\(method) \(path) as \(who)")
                }
            }
        }
    }
}
