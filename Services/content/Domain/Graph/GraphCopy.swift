/// Moves a graph from one store to another, and compares the two after.
///
/// What is put in twice is the same as once, so that a copy that was interrupted can be started again.
struct GraphCopy: Sendable {
    enum Fault: Error, Equatable {
        /// The target holds so many concepts already.
        case targetNotEmpty(Int)
        /// After the copy the two differ: somebody wrote in the meantime, or the target held something else.
        case differs(from: GraphDigest, to: GraphDigest)
    }

    /// What to do with what the target holds already.
    enum Target: Sendable {
        case mustBeEmpty, resumes, isReplaced
    }

    /// Concepts that are read and written at a time.
    static let page = 5_000

    let source: any GraphTransfer
    let target: any GraphTransfer
    let titles: any ChapterTitles

    /// - Parameter progress: is told in words what has been done.
    /// - Returns: what both stores hold now.
    func run(_ mode: Target, progress: @Sendable (String) -> Void) async throws -> GraphDigest {
        let present = try await target.conceptCount()
        switch mode {
        case .mustBeEmpty where present > 0: throw Fault.targetNotEmpty(present)
        case .isReplaced: try await target.removeAll()
        case .mustBeEmpty, .resumes: break
        }
        let total = try await source.conceptCount()
        var done = 0
        for try await page in ConceptPages(store: source, size: Self.page) {
            try await target.take(page)
            done += page.count
            progress("concepts \(done) of \(total)")
        }
        done = 0
        for try await page in ConceptPages(store: source, size: Self.page) {
            let (prerequisites, lessons) = try await source.links(of: page.map(\.slug), titles)
            try await target.take(prerequisites)
            try await target.take(lessons)
            done += page.count
            progress("links of \(done) of \(total) concepts")
        }
        progress("comparing")
        let (from, to) = (
            try await GraphDigest(of: source, titles), try await GraphDigest(of: target, titles)
        )
        guard from == to else { throw Fault.differs(from: from, to: to) }
        return to
    }
}

extension GraphTransfer {
    /// What the concepts need, and which chapters teach them, in order; without the chapters that are gone.
    func links(
        of slugs: [ConceptSlug], _ titles: any ChapterTitles
    ) async throws -> (prerequisites: [Prerequisite], lessons: [ChapterConcept]) {
        let needs = try await prerequisites(of: slugs)
        let chapters = try await chapters(teaching: slugs)
        let existing = Set(try await titles.titles(of: Set(chapters.values.joined()), in: .any).keys)
        return (
            slugs.flatMap { slug in
                (needs[slug] ?? []).sorted().map { Prerequisite(concept: slug, needs: $0) }
            },
            slugs.flatMap { slug in
                (chapters[slug] ?? []).filter(existing.contains).map { ChapterConcept(chapter: $0, concept: slug) }
            }
        )
    }
}
