import FoundationEssentials
import WireProtocol

/// One line of a bulk load: a content item to put in its place. What is absent stays as it is, or gets the default in a
/// new item.
struct BulkLine: Sendable {
    /// From 1.
    let number: Int
    let place: ContentPlace
    let title: String
    let body: String
    let format: ContentFormat?
    let metadata: JSONObjectText?
    let status: ContentStatus?
    let publishAt: Date?
    /// Whether the line says that there is no time of publication, and not nothing of it.
    let clearsSchedule: Bool
}

/// A line that was not taken, and why.
struct BulkFailure: Sendable, Equatable, Codable {
    let line: Int
    let errors: [FieldError]
}
