import WireProtocol

/// Which bulk load of whom: the same key must bring the same file.
struct BulkKey: Sendable, Hashable {
    let caller: Identifier
    /// The request's `Idempotency-Key`.
    let key: String
}

/// How far a bulk load has come.
struct BulkProgress: Sendable, Equatable {
    /// Lines that have been dealt with.
    let line: Int
    /// The SHA-256 of these.
    let digest: [UInt8]
    /// What came of them.
    let report: BulkReport
    /// Whether there are no further lines.
    let isDone: Bool
}

/// What is to be noted of a load together with a batch.
struct BulkNote: Sendable {
    let load: BulkKey
    /// How far the ledger knows the load to be.
    let after: Int
    let line: Int
    let digest: [UInt8]
    let isDone: Bool

    func progress(_ report: BulkReport) -> BulkProgress {
        BulkProgress(line: line, digest: digest, report: report, isDone: isDone)
    }
}
