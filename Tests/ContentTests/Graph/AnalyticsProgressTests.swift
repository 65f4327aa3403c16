import AsyncHTTPClient
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Content

struct AnalyticsProgressTests {
    /// Answers `GET /analytics/me` as analytics does, in two pages, to one token.
    private func withAnalytics(_ body: @Sendable (AnalyticsProgress) async throws -> Void) async throws {
        let router = Router()
        router.get("/analytics/me") { request, _ -> Response in
            guard request.headers[.authorization] == "Bearer good" else { return Response(status: .unauthorized) }
            if request.uri.queryParameters["cursor"] == "broken" { return Response(status: .ok) }
            let page =
                request.uri.queryParameters["cursor"] == nil
                ? #"{"items": [{"knowledge_id": 1, "chapters": [{"chapter_id": "a", "completed": true, "views": 1}, {"chapter_id": "b", "completed": false}]}], "next_cursor": "x-_1"}"#
                : #"{"items": [{"knowledge_id": 2, "title": null, "chapters": [{"chapter_id": "a", "completed": true}]}], "next_cursor": null}"#
            return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: page)))
        }
        try await Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)))
            .test(.live) { client async throws in
                try await body(
                    AnalyticsProgress(url: "http://127.0.0.1:\(try #require(client.port))", client: .shared))
            }
    }

    @Test func `All pages are read with the caller's token`() async throws {
        try await withAnalytics { progress in
            let chapters = try await progress.completedChapters(authorization: "Bearer good")
            #expect(chapters.map(\.knowledgeID).sorted() == [1, 2])
            #expect(chapters.allSatisfy { $0.chapterID == "a" })
        }
    }

    @Test func `A token that is refused, and an analytics that is away, are told apart`() async throws {
        try await withAnalytics { progress in
            do {
                _ = try await progress.completedChapters(authorization: "Bearer bad")
                Issue.record("was answered")
            } catch LearnerProgressError.refused {}
        }
        let nowhere = AnalyticsProgress(url: "http://127.0.0.1:9", client: .shared)
        do {
            _ = try await nowhere.completedChapters(authorization: "Bearer good")
            Issue.record("was answered")
        } catch LearnerProgressError.unavailable {}
    }
}
