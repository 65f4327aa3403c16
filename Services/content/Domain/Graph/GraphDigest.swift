import Crypto
import FoundationEssentials
import WireProtocol

/// How much a graph holds, and a checksum of all of it: equal for stores that hold the same.
struct GraphDigest: Sendable, Equatable, CustomStringConvertible {
    private(set) var concepts = 0
    private(set) var prerequisites = 0
    private(set) var lessons = 0
    /// SHA-256, in hexadecimal.
    let checksum: String

    init(of store: any GraphTransfer, _ titles: any ChapterTitles) async throws {
        var hash = SHA256()
        for try await page in ConceptPages(store: store, size: GraphCopy.page) {
            let links = try await store.links(of: page.map(\.slug), titles)
            for concept in page { hash.update(data: try Self.line(of: concept)) }
            for link in links.prerequisites { hash.update(data: Data("\(link.concept) \(link.needs)\n".utf8)) }
            for lesson in links.lessons {
                hash.update(
                    data: Data("\(lesson.concept) \(lesson.chapter.knowledgeID) \(lesson.chapter.chapterID)\n".utf8))
            }
            concepts += page.count
            prerequisites += links.prerequisites.count
            lessons += links.lessons.count
        }
        checksum = hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Stores may keep the metadata's spaces and the order of its members as they like.
    private static func line(of concept: Concept) throws -> Data {
        try WireJSON.encode([
            JSONValue.string(concept.slug.description), .string(concept.text.title), .string(concept.text.summary),
            WireJSON.decode(JSONValue.self, from: Data(concept.text.metadata.text.utf8)),
            .integer(Int64(concept.version)), .integer(microseconds(concept.createdAt)),
            .integer(microseconds(concept.updatedAt)),
        ])
    }

    private static func microseconds(_ date: Date) -> Int64 {
        Int64((date.timeIntervalSince1970 * 1_000_000).rounded())
    }

    var description: String {
        "\(concepts) concepts, \(prerequisites) prerequisites, \(lessons) lessons, SHA-256 \(checksum)"
    }
}
