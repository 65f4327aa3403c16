import FoundationEssentials
import WireProtocol

/// What an author decides about a content item.
struct ContentFields: Sendable {
    var place: ContentPlace
    var title: String
    var body: String
    var format: ContentFormat
    var metadata: JSONObjectText
    var status: ContentStatus
}

/// A text of a chapter in one language: a lesson, a quiz, a summary.
struct ContentItem: Sendable {
    let id: Int
    var fields: ContentFields
    /// Counts the changes, from 1.
    let version: Int
    let createdBy: Identifier
    let createdAt: Date
    let updatedAt: Date
}
