import Foundation
import Testing

/// A knowledge item with chapters, made for one test.
struct Course: Sendable {
    let id: Int
    let chapters: [String]

    static func create(by teacher: APIClient, title: String, chapters: [String]) async throws -> Course {
        let answer = try await teacher.post(
            "/knowledge", ["title": .string(title), "subject": "physics", "default_language": "en"])
        try #require(answer.status == 201, "\(answer)")
        let course = Course(id: try #require(answer.json["id"].integer), chapters: chapters)
        for (position, chapter) in chapters.enumerated() {
            let answer = try await teacher.put(
                "/knowledge/\(course.id)/chapters/\(chapter)",
                ["title": .string(chapter), "position": .integer(Int64(position))])
            try #require(answer.status == 201, "\(answer)")
        }
        return course
    }

    func lesson(chapter: String, language: String, body: String? = nil) -> [String: JSON] {
        [
            "knowledge_id": .integer(Int64(id)), "chapter_id": .string(chapter), "language": .string(language),
            "content_type": "lesson", "title": .string("\(chapter) (\(language))"),
            "body": .string(body ?? "The gravity of the Moon pulls on the sea."), "status": "published",
        ]
    }

    func lessons(in languages: [String]) -> [[String: JSON]] {
        chapters.flatMap { chapter in languages.map { lesson(chapter: chapter, language: $0) } }
    }

    func load(_ lessons: [[String: JSON]], by teacher: APIClient) async throws -> Answer {
        try await teacher.call(
            .POST, "/content/bulk", ["content-type": "application/x-ndjson"],
            .bytes(.init(bytes: try Self.lines(lessons))))
    }

    /// NDJSON.
    static func lines(_ lessons: [[String: JSON]]) throws -> Data {
        try lessons.reduce(into: Data()) { lines, lesson in
            lines += try JSONEncoder().encode(JSON.object(lesson))
            lines.append(UInt8(ascii: "\n"))
        }
    }

    /// What a reader's app records.
    func event(_ type: String, chapter: String, seconds: Int64? = nil) -> JSON {
        var event: [String: JSON] = [
            "id": .string(UUID().uuidString.lowercased()), "type": .string(type), "knowledge_id": .integer(Int64(id)),
            "chapter_id": .string(chapter), "language": "en",
        ]
        if let seconds { event["seconds"] = .integer(seconds) }
        return .object(event)
    }

    /// How many items content has for this course.
    func count(seenBy reader: APIClient) async throws -> Int? {
        try await reader.get("/content?knowledge_id=\(id)&limit=1&count=exact").json["total"].integer
    }
}
