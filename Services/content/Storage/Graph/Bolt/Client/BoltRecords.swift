/// The records of one statement, asked for as they are used, in batches. Those that nobody takes are thrown away by the
/// transaction's next statement, or its end.
struct BoltRecords: AsyncSequence, Sendable {
    typealias Element = BoltRecord

    let columns: [String]
    let first: BoltAnswer
    let statement: Int
    let transaction: BoltTransaction

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(records: self, batch: first)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        let records: BoltRecords
        private var batch: BoltAnswer
        private var position = 0

        fileprivate init(records: BoltRecords, batch: BoltAnswer) {
            self.records = records
            self.batch = batch
        }

        /// - Throws: ``BoltError``; `CancellationError`.
        mutating func next() async throws -> BoltRecord? {
            while position == batch.records.count {
                guard batch.hasMore else { return nil }
                batch = try await records.transaction.pull(records.statement)
                position = 0
            }
            defer { position += 1 }
            return try BoltRecord(columns: records.columns, values: batch.records[position])
        }
    }
}
