import FoundationEssentials
import ServiceKit

/// A concept as clients see it.
struct ConceptResource: Encodable {
    var slug: ConceptSlug
    var title: String
    var summary: String
    var metadata: JSONObjectText
    var version: Int
    var createdAt: Date
    var updatedAt: Date

    init(_ concept: Concept) {
        slug = concept.slug
        title = concept.text.title
        summary = concept.text.summary
        metadata = concept.text.metadata
        version = concept.version
        createdAt = concept.createdAt
        updatedAt = concept.updatedAt
    }

    enum CodingKeys: String, CodingKey {
        case slug, title, summary, metadata, version
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension Concept {
    var etag: ETag { ETag(version: version, madeAt: createdAt) }
}
