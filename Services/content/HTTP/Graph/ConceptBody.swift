import ServiceKit

/// What a client sends of a concept.
struct ConceptBody: Decodable {
    var slug: ConceptSlug?
    var title: String
    var summary: String?
    var metadata: JSONObjectText?

    /// - Parameter path: where the concept stands in the body, such as `concepts.3.`.
    func text(_ validation: inout Validation, path: String = "") -> ConceptText {
        validation.text(title, path + "title", in: ConceptText.titleLength)
        validation.text(summary ?? "", path + "summary", in: ConceptText.summaryLength)
        return ConceptText(title: title, summary: summary ?? "", metadata: metadata ?? .empty)
    }
}
