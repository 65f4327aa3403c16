/// What came of the lines of a bulk load.
struct BulkReport: Sendable, Equatable {
    /// Refused lines told one by one at most; further ones are counted.
    static let maximumFailures = 10_000

    private(set) var inserted = 0
    private(set) var updated = 0
    private(set) var unchanged = 0
    private(set) var failed: [BulkFailure] = []
    private(set) var failedCount = 0

    /// What came of a batch.
    mutating func add(_ outcome: BulkOutcome) {
        inserted += outcome.inserted
        updated += outcome.updated
        unchanged += outcome.unchanged
        add(outcome.refused)
    }

    mutating func add(_ failures: [BulkFailure]) {
        failed += failures.prefix(Self.maximumFailures - failed.count)
        failedCount += failures.count
    }

    mutating func sortFailures() {
        failed.sort { $0.line < $1.line }
    }
}

extension BulkReport: Codable {
    enum CodingKeys: String, CodingKey {
        case inserted, updated, unchanged, failed
        case failedCount = "failed_count"
    }

    /// The ledger may hold one in which the refused lines were not counted, since all were told.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        inserted = try container.decode(Int.self, forKey: .inserted)
        updated = try container.decode(Int.self, forKey: .updated)
        unchanged = try container.decode(Int.self, forKey: .unchanged)
        failed = try container.decode([BulkFailure].self, forKey: .failed)
        failedCount = try container.decodeIfPresent(Int.self, forKey: .failedCount) ?? failed.count
    }
}

/// What came of a batch.
struct BulkOutcome: Sendable {
    var inserted = 0
    var updated = 0
    var unchanged = 0
    var refused: [BulkFailure] = []
}
