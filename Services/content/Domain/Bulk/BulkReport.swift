/// What came of the lines of a bulk load.
struct BulkReport: Sendable, Equatable, Codable {
    /// Refused lines told at most; a load with more is given up.
    static let maximumFailures = 10_000

    private(set) var inserted = 0
    private(set) var updated = 0
    private(set) var unchanged = 0
    private(set) var failed: [BulkFailure] = []

    /// What came of a batch.
    ///
    /// - Throws: ``ContentError/tooManyRefusedLines(limit:)``.
    mutating func add(_ outcome: BulkOutcome) throws {
        inserted += outcome.inserted
        updated += outcome.updated
        unchanged += outcome.unchanged
        try add(outcome.refused)
    }

    /// - Throws: ``ContentError/tooManyRefusedLines(limit:)``.
    mutating func add(_ failures: some Sequence<BulkFailure>) throws {
        failed += failures
        guard failed.count <= Self.maximumFailures else {
            throw ContentError.tooManyRefusedLines(limit: Self.maximumFailures)
        }
    }

    mutating func sortFailures() {
        failed.sort { $0.line < $1.line }
    }
}

/// What came of a batch.
struct BulkOutcome: Sendable {
    var inserted = 0
    var updated = 0
    var unchanged = 0
    var refused: [BulkFailure] = []
}
