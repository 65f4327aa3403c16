import Hummingbird
import NIOCore
import ServiceKit
import WireProtocol

/// Reads NDJSON as it comes and puts it in place batch by batch. While one batch is merged the next is read, no more,
/// so memory is bounded by two batches whatever the length of the body.
struct BulkLoad: Sendable {
    /// More than any line of an export has, in which a byte of a text may take six.
    static let maximumLineLength = 8 << 20

    let store: BulkStore
    let author: Identifier
    /// Under which progress is kept; without one a load that is cut off begins anew.
    var key: String?
    /// Bytes of the body at most.
    let maximumBytes: Int

    /// - Throws: 413, ``ContentError``; the batches merged by then stay.
    func run<Body: AsyncSequence>(_ body: Body) async throws -> BulkReport where Body.Element == ByteBuffer {
        let start = ContinuousClock.now
        let load = key.map { BulkKey(caller: author, key: $0) }
        var earlier: BulkProgress?
        if let load { earlier = try await store.ledger.progress(of: load) }
        var reader = BulkReader(from: earlier, keepsProgress: load != nil)
        let noted = try await read(body, with: &reader, load)
        try reader.finish()
        if let earlier, earlier.isDone { return earlier.report }
        var report = reader.report
        report.sortFailures()
        let note = load.map { load in
            BulkNote(load: load, after: noted, line: reader.line, digest: reader.digest, isDone: true)
        }
        try await store.finish(report, noting: note, after: start.duration(to: .now))
        return report
    }

    /// - Returns: up to which line the ledger knows of the load.
    private func read<Body: AsyncSequence>(
        _ body: Body, with reader: inout BulkReader, _ load: BulkKey?
    ) async throws -> Int where Body.Element == ByteBuffer {
        try await withThrowingTaskGroup(of: BulkOutcome.self) { merges in
            var noted = reader.firstLine
            var splitter = LineSplitter(maximumLength: Self.maximumLineLength)
            var received = 0
            /// Starts to merge what has been read, once the batch before is in.
            func merge(_ reader: inout BulkReader) async throws {
                if let outcome = try await merges.next() { reader.add(outcome) }
                let (store, author, report, batch) = (store, author, reader.report, reader.takeBatch())
                let note = load.map { load in
                    BulkNote(load: load, after: noted, line: reader.line, digest: reader.digest, isDone: false)
                }
                noted = reader.line
                merges.addTask { try await store.merge(batch, by: author, after: report, noting: note) }
            }
            for try await buffer in body {
                received += buffer.readableBytes
                guard received <= maximumBytes else { throw HTTPProblem.contentTooLarge(limit: maximumBytes) }
                splitter.append(buffer)
                while let line = splitter.next() {
                    try reader.take(line)
                    if reader.batch.isFull { try await merge(&reader) }
                }
            }
            if let line = splitter.last() { try reader.take(line) }
            if !reader.batch.isEmpty { try await merge(&reader) }
            if let outcome = try await merges.next() { reader.add(outcome) }
            return noted
        }
    }
}
