/// The graph in Neo4j: `(:Concept)-[:REQUIRES]->(:Concept)` and `(:Chapter)-[:TEACHES]->(:Concept)`.
///
/// All Cypher stands as whole literals; what varies is a parameter.
struct BoltGraph: GraphStore {
    /// Rows that one statement's parameters carry at most.
    static let batch = 2_000

    let client: BoltClient
    /// Says which chapters there are; the graph itself knows only those that teach something.
    let titles: any ChapterTitles
    private let gate = BoltGraphGate()

    init(client: BoltClient, titles: any ChapterTitles) {
        self.client = client
        self.titles = titles
    }

    /// Runs `body` in a transaction that holds the graph's lock, for what might close a cycle.
    ///
    /// Two prerequisites that close a cycle only together must not both go in. Whoever adds one changes the graph's one
    /// lock node first: Neo4j makes the next wait until the first has committed, and shows it then what that wrote, for
    /// it reads what is committed; a database that works on snapshots refuses the second commit in passing, and the
    /// transaction starts anew. So that those who wait don't take up all connections, writers of the same process stand in
    /// line before they take one. Deleting needs no lock, it can't close a cycle.
    func writeLocked<Value: Sendable>(
        _ body: @Sendable (BoltTransaction) async throws -> Value
    ) async throws -> Value {
        try await gate.pass {
            try await client.write(retrying: \.isConstraintViolation) { transaction in
                let locks = try await transaction.run(
                    """
                    MATCH (lock:GraphLock {name: 'prerequisites'})
                    SET lock.taken = lock.taken + 1
                    RETURN lock.taken AS taken
                    """)
                guard !locks.isEmpty else { throw GraphCorruption.noLock }
                return try await body(transaction)
            }
        }
    }
}

/// Lets one task through at a time, in the order in which they came.
actor BoltGraphGate {
    private var isTaken = false
    private var waiting: [(id: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    private var lastID = 0

    nonisolated(nonsending) func pass<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try await enter()
        do {
            let value = try await body()
            await leave()
            return value
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async throws {
        guard isTaken else {
            isTaken = true
            return
        }
        lastID += 1
        let id = lastID
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                waiting.append((id, continuation))
                if Task.isCancelled { giveUp(id) }
            }
        } onCancel: {
            Task { await self.giveUp(id) }
        }
    }

    private func leave() {
        if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().continuation.resume() }
    }

    private func giveUp(_ id: Int) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: index).continuation.resume(throwing: CancellationError())
    }
}

extension ConceptSlug: BoltDecodable {
    init?(_ value: BoltValue) {
        guard case .string(let text) = value else { return nil }
        self.init(text)
    }

    var bolt: BoltValue { .string(description) }
}

extension BoltValue {
    static func slugs(_ slugs: some Sequence<ConceptSlug>) -> BoltValue { .list(slugs.map(\.bolt)) }
}

extension Collection {
    /// The elements in runs of `size`, the last perhaps shorter.
    func batches(of size: Int) -> [SubSequence] {
        var batches: [SubSequence] = []
        var rest = self[...]
        while !rest.isEmpty {
            batches.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return batches
    }
}
