/// What came of the lines of a bulk load.
struct BulkReport: Sendable, Equatable, Encodable {
    /// Refused lines told at most; a load with more is given up.
    static let maximumFailures = 10_000

    private(set) var inserted = 0
    private(set) var updated = 0
    private(set) var unchanged = 0
    private(set) var failed: [BulkFailure] = []

    mutating func add(inserted: Int = 0, updated: Int = 0, unchanged: Int = 0) {
        self.inserted += inserted
        self.updated += updated
        self.unchanged += unchanged
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
