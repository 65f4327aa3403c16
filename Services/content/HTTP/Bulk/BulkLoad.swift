import Hummingbird
import NIOCore
import ServiceKit
import WireProtocol

/// Reads NDJSON as it comes and puts it in place batch by batch. While one batch is merged the next is read, no more,
/// so memory is bounded by two batches whatever the length of the body.
struct BulkLoad: Sendable {
    static let maximumLineLength = 1 << 20

    let store: BulkStore
    let author: Identifier
    /// Bytes of the body at most.
    let maximumBytes: Int

    /// - Throws: 413, 422 when too many lines were refused; the batches merged by then stay.
    func run<Body: AsyncSequence>(_ body: Body) async throws -> BulkReport
    where Body.Element == ByteBuffer {
        try await withThrowingTaskGroup(of: BulkStore.Outcome.self) { merges in
            var progress = Progress()
            var splitter = LineSplitter(maximumLength: Self.maximumLineLength)
            var received = 0
            for try await buffer in body {
                received += buffer.readableBytes
                guard received <= maximumBytes else { throw HTTPProblem.contentTooLarge(limit: maximumBytes) }
                splitter.append(buffer)
                while let line = splitter.next() {
                    try progress.take(line)
                    if progress.batch.isFull { try await merge(&progress, in: &merges) }
                }
            }
            if let line = splitter.last() { try progress.take(line) }
            if !progress.batch.isEmpty { try await merge(&progress, in: &merges) }
            try await progress.finish(merges.next())
            progress.report.sortFailures()
            return progress.report
        }
    }

    /// Starts to merge what has been read, once the batch before is in.
    private func merge(
        _ progress: inout Progress, in merges: inout ThrowingTaskGroup<BulkStore.Outcome, any Error>
    ) async throws {
        try progress.finish(try await merges.next())
        let (batch, store, author) = (progress.batch, store, author)
        progress.batch = BulkBatch()
        merges.addTask { try await store.merge(batch, by: author) }
    }
}

extension BulkLoad {
    private struct Progress {
        var report = BulkReport()
        var batch = BulkBatch()
        private var parser = BulkLineParser()
        private var number = 0

        mutating func take(_ line: LineSplitter.Line) throws {
            number += 1
            guard case .text(let bytes) = line else {
                return try report.add([BulkLineParser.tooLong(number, maximum: BulkLoad.maximumLineLength)])
            }
            switch parser.parse(bytes, number: number) {
            case .line(let line): batch.append(line)
            case .failure(let failure): try report.add([failure])
            case nil: break
            }
        }

        mutating func finish(_ outcome: BulkStore.Outcome?) throws {
            guard let outcome else { return }
            report.add(inserted: outcome.inserted, updated: outcome.updated, unchanged: outcome.unchanged)
            try report.add(outcome.refused)
        }
    }
}
