import ServiceKit

/// What `/graph/import` takes: `prerequisites` are pairs of a concept and one that it needs.
struct GraphImportBody: Decodable {
    /// Faults told at most; a file with more needs another look anyway.
    static let maximumFaults = 100

    var concepts: [ConceptBody]?
    var prerequisites: [[ConceptSlug]]?

    /// - Throws: 422 with the fields that are wrong.
    func entries() throws -> GraphImport {
        let concepts = concepts ?? []
        let prerequisites = prerequisites ?? []
        var validation = Validation()
        validation.check(
            concepts.count <= GraphImport.maximumConcepts, "concepts",
            "must be at most \(GraphImport.maximumConcepts)")
        validation.check(
            prerequisites.count <= GraphImport.maximumPrerequisites, "prerequisites",
            "must be at most \(GraphImport.maximumPrerequisites)")
        try validation.finish()
        let entries = GraphImport(
            concepts: Self.entries(concepts, &validation), prerequisites: Self.links(prerequisites, &validation))
        try validation.finish()
        return entries
    }

    private static func entries(_ concepts: [ConceptBody], _ validation: inout Validation) -> [GraphImport.Entry] {
        var seen: Set<ConceptSlug> = []
        var entries: [GraphImport.Entry] = []
        for (index, body) in concepts.enumerated() where validation.errors.count < maximumFaults {
            let path = "concepts.\(index)."
            let text = body.text(&validation, path: path)
            guard let slug = body.slug else {
                validation.check(false, path + "slug", "is missing")
                continue
            }
            validation.check(seen.insert(slug).inserted, path + "slug", "comes twice")
            entries.append(GraphImport.Entry(slug: slug, text: text))
        }
        return entries
    }

    private static func links(_ pairs: [[ConceptSlug]], _ validation: inout Validation) -> [Prerequisite] {
        var links: [Prerequisite] = []
        for (index, pair) in pairs.enumerated() where validation.errors.count < maximumFaults {
            guard pair.count == 2 else {
                validation.check(false, "prerequisites.\(index)", "must be a pair: a concept, and one that it needs")
                continue
            }
            links.append(Prerequisite(concept: pair[0], needs: pair[1]))
        }
        return links
    }
}
