import FoundationEssentials
import Postgres
import WireProtocol

/// Puts the demonstration data in place, by the same stores as the API. What is there already stays as it is, so that
/// a second run changes nothing, and takes back nothing that a teacher has changed.
struct ContentSeed: Sendable {
    /// The files under `Texts/` by language.
    static let texts: [(language: String, file: [UInt8])] = [
        ("en", PackageResources.en_md), ("de", PackageResources.de_md), ("es", PackageResources.es_md),
        ("pt-BR", PackageResources.pt_BR_md), ("fr", PackageResources.fr_md),
        ("zh-Hans", PackageResources.zh_Hans_md), ("ar", PackageResources.ar_md),
    ]

    let knowledge: KnowledgeStore
    let chapters: ChapterStore
    let content: ContentStore
    let graph: any GraphStore

    func run() async throws {
        for item in DemoData.knowledge {
            try await put(item)
        }
        try await putTexts()
        try await putGraph()
    }

    private func put(_ item: DemoData.Knowledge) async throws {
        let fields = KnowledgeFields(
            title: item.title, subject: item.subject, description: nil, defaultLanguage: item.defaultLanguage,
            metadata: .empty)
        try await knowledge.seed(Int32(item.id), fields, by: DemoData.teacher.id)
        for (position, chapter) in item.chapters.enumerated() {
            do {
                _ = try await chapters.put(
                    chapter.id, of: Int32(item.id), title: chapter.title, position: position
                ) { if $0 != nil { throw ContentError.chapterExists } }
            } catch ContentError.chapterExists {
                continue
            }
        }
    }

    private func putTexts() async throws {
        for (tag, file) in Self.texts {
            guard let language = LanguageTag(tag) else { continue }
            for text in try DemoText.texts(in: file, language: language) {
                do {
                    _ = try await content.add(try fields(of: text), by: DemoData.teacher.id)
                } catch ContentError.placeTaken {
                    continue
                }
            }
        }
    }

    private func fields(of text: DemoText) throws -> ContentFields {
        ContentFields(
            place: ContentPlace(
                knowledgeID: try reference(text.chapter).knowledgeID, chapterID: text.chapter,
                language: text.language, contentType: text.contentType),
            title: text.title, body: text.body, format: .markdown, metadata: .empty, status: text.status)
    }

    /// Concepts that are new bring their prerequisites; as nothing that is there can need them yet, that closes no
    /// cycle.
    private func putGraph() async throws {
        let demo = try WireJSON.decode(DemoGraph.self, from: Data(PackageResources.graph_json))
        var entries = try demo.graph.entries()
        var known: Set<ConceptSlug> = []
        for entry in entries.concepts where try await graph.concept(entry.slug) != nil { known.insert(entry.slug) }
        entries.concepts.removeAll { known.contains($0.slug) }
        entries.prerequisites.removeAll { known.contains($0.concept) }
        try await graph.put(entries)
        for (chapter, slugs) in demo.chapters {
            for slug in slugs { try await graph.add(slug, to: try reference(chapter)) }
        }
    }

    private func reference(_ chapter: String) throws -> ChapterReference {
        guard let item = DemoData.knowledge.first(where: { $0.chapters.contains { $0.id == chapter } }) else {
            throw UnknownDemoChapter(chapter: chapter)
        }
        return ChapterReference(knowledgeID: item.id, chapterID: chapter)
    }
}

/// A text or `graph.json` names a chapter that `DemoData` lacks.
struct UnknownDemoChapter: Error {
    let chapter: String
}
