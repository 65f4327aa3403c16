/// All concepts of a store by slug, a page at a time.
struct ConceptPages: AsyncSequence, Sendable {
    typealias Element = [Concept]

    let store: any GraphStore
    let size: Int

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(pages: self)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let pages: ConceptPages
        private var last: ConceptSlug?

        fileprivate init(pages: ConceptPages) {
            self.pages = pages
        }

        mutating func next() async throws -> [Concept]? {
            let page = try await pages.store.concepts(after: last, limit: pages.size)
            last = page.last?.slug
            return page.isEmpty ? nil : page
        }
    }
}
