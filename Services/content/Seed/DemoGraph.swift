/// The demonstration data's concepts, as in `graph.json`: the shape of `/graph/import`, and what each chapter teaches.
struct DemoGraph: Decodable {
    let graph: GraphImportBody
    let chapters: [String: [ConceptSlug]]

    private enum CodingKeys: String, CodingKey {
        case chapters
    }

    init(from decoder: any Decoder) throws {
        graph = try GraphImportBody(from: decoder)
        chapters = try decoder.container(keyedBy: CodingKeys.self).decode(
            [String: [ConceptSlug]].self, forKey: .chapters)
    }
}
