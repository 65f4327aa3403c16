import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import ServiceKit
import WireProtocol

/// Learners' progress as `GET /analytics/me` tells it to each of them. The call is made with the learner's own token,
/// as the learner could make it.
struct AnalyticsProgress: LearnerProgress {
    /// For all pages together.
    static let deadline: Duration = .seconds(3)
    private static let maximumPages = 20
    private static let maximumPageBytes = 4 << 20

    /// Without a path.
    let url: String
    let client: HTTPClient

    func completedChapters(authorization: String) async throws -> Set<ChapterReference> {
        do {
            return try await Deadline.run(Self.deadline) {
                var chapters: Set<ChapterReference> = []
                var cursor: String?
                for _ in 1...Self.maximumPages {
                    let page = try await page(after: cursor, authorization)
                    for course in page.items {
                        for chapter in course.chapters where chapter.completed {
                            chapters.insert(
                                ChapterReference(knowledgeID: course.knowledgeID, chapterID: chapter.chapterID))
                        }
                    }
                    cursor = page.nextCursor
                    if cursor == nil { break }
                }
                return chapters
            }
        } catch let error as LearnerProgressError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw LearnerProgressError.unavailable(error)
        }
    }

    private func page(after cursor: String?, _ authorization: String) async throws -> ProgressPage {
        // A cursor is base64url: it needs no encoding.
        var request = HTTPClientRequest(
            url: url + "/analytics/me?limit=100" + (cursor.map { "&cursor=\($0)" } ?? ""))
        request.headers.add(name: "authorization", value: authorization)
        let response = try await client.execute(request, timeout: TimeAmount(Self.deadline))
        let body = try await response.body.collect(upTo: Self.maximumPageBytes)
        guard response.status != .unauthorized else { throw LearnerProgressError.refused }
        guard response.status == .ok else { throw UnexpectedProgressAnswer(status: Int(response.status.code)) }
        return try WireJSON.decode(ProgressPage.self, from: Data(body.readableBytesView))
    }
}

struct UnexpectedProgressAnswer: Error {
    let status: Int
}

/// The part of analytics' answer that matters here.
private struct ProgressPage: Decodable, Sendable {
    let items: [Course]
    let nextCursor: String?

    enum CodingKeys: String, CodingKey {
        case items
        case nextCursor = "next_cursor"
    }

    struct Course: Decodable {
        let knowledgeID: Int
        let chapters: [Chapter]

        enum CodingKeys: String, CodingKey {
            case chapters
            case knowledgeID = "knowledge_id"
        }
    }

    struct Chapter: Decodable {
        let chapterID: String
        let completed: Bool

        enum CodingKeys: String, CodingKey {
            case completed
            case chapterID = "chapter_id"
        }
    }
}
