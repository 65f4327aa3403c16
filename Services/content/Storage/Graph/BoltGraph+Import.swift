import FoundationEssentials

extension BoltGraph {
    func put(_ entries: GraphImport) async throws {
        if let itself = entries.prerequisites.first(where: { $0.concept == $0.needs }) {
            throw GraphError.cycle([itself.concept])
        }
        try await writeLocked { transaction in
            for batch in entries.concepts.boltBatches { try await Self.put(batch, in: transaction) }
            try await Self.requireKnown(entries.prerequisites, in: transaction)
            for batch in entries.prerequisites.batches(of: Self.batch) {
                try await Self.link(batch, in: transaction)
            }
            if let cycle = try await Self.cycle(through: entries.prerequisites, in: transaction) {
                throw GraphError.cycle(cycle)
            }
        }
    }

    /// What is there already and says the same stays as it is.
    private static func put(_ entries: ArraySlice<GraphImport.Entry>, in transaction: BoltTransaction) async throws {
        let concepts = entries.map { entry in
            BoltValue.map([
                "slug": entry.slug.bolt, "title": .string(entry.text.title), "summary": .string(entry.text.summary),
                "metadata": .string(entry.text.metadata.text),
            ])
        }
        try await transaction.run(
            """
            UNWIND $concepts AS e
            MERGE (c:Concept {slug: e.slug})
            ON CREATE SET c.version = 0, c.created_at = $now
            SET c.locked = true
            REMOVE c.locked
            WITH c, e
            WHERE c.version = 0 OR c.title <> e.title OR c.summary <> e.summary OR c.metadata <> e.metadata
            SET c.title = e.title, c.summary = e.summary, c.metadata = e.metadata, c.version = c.version + 1,
                c.updated_at = $now
            """, ["concepts": .list(concepts), "now": .moment(Date())])
    }

    private static func requireKnown(_ prerequisites: [Prerequisite], in transaction: BoltTransaction) async throws {
        var unknown: [ConceptSlug] = []
        let named = Set(prerequisites.flatMap { [$0.concept, $0.needs] }).sorted()
        for batch in named.batches(of: batch) where unknown.count < 100 {
            let missing = try await transaction.run(
                """
                UNWIND $slugs AS slug
                OPTIONAL MATCH (c:Concept {slug: slug})
                WITH slug, c
                WHERE c IS NULL
                RETURN slug
                """, ["slugs": .slugs(batch)])
            unknown += try missing.map { try $0["slug"] }
        }
        guard unknown.isEmpty else { throw GraphError.unknownConcepts(Array(unknown.sorted().prefix(100))) }
    }

    static func link(_ prerequisites: ArraySlice<Prerequisite>, in transaction: BoltTransaction) async throws {
        let links = prerequisites.map { BoltValue.list([$0.concept.bolt, $0.needs.bolt]) }
        try await transaction.run(
            """
            UNWIND $links AS link
            MATCH (c:Concept {slug: link[0]})
            MATCH (n:Concept {slug: link[1]})
            MERGE (c)-[:REQUIRES]->(n)
            """, ["links": .list(links)])
    }

    /// A new cycle passes through one of the new prerequisites, so that it is among what their concepts need.
    private static func cycle(
        through prerequisites: [Prerequisite], in transaction: BoltTransaction
    ) async throws -> [ConceptSlug]? {
        let origins = Set(prerequisites.map(\.concept))
        let reached = try await levels(from: Array(origins), along: .prerequisites, in: transaction)
        var numbers: [ConceptSlug: Int32] = [:]
        for node in reached { numbers[node.slug] = Int32(numbers.count) }
        var (sources, targets): ([Int32], [Int32]) = ([], [])
        for node in reached {
            for next in node.next {
                guard let source = numbers[node.slug], let target = numbers[next] else { continue }
                sources.append(source)
                targets.append(target)
            }
        }
        return CycleSearch(from: sources, to: targets).cycle()?.map { reached[Int($0)].slug }
    }
}

extension [GraphImport.Entry] {
    /// Runs that fit well into one message: servers take 16 MiB.
    fileprivate var boltBatches: [ArraySlice<GraphImport.Entry>] {
        var batches: [ArraySlice<GraphImport.Entry>] = []
        var (start, bytes) = (0, 0)
        for (index, entry) in enumerated() {
            bytes += entry.text.title.utf8.count + entry.text.summary.utf8.count + entry.text.metadata.text.utf8.count
            if index - start == BoltGraph.batch || (bytes > 4 << 20 && index > start) {
                batches.append(self[start..<index])
                (start, bytes) = (index, 0)
            }
        }
        if start < count { batches.append(self[start...]) }
        return batches
    }
}
