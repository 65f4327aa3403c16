import Crypto
import WireProtocol

/// Makes batches of the lines of a bulk load, and goes on where an earlier request with the same key stopped: what that
/// one has dealt with is read, so as to see that it is the same, and left alone.
struct BulkReader {
    private(set) var report: BulkReport
    private(set) var batch = BulkBatch()
    private(set) var line = 0
    private let earlier: BulkProgress?
    private var parser = BulkLineParser()
    private var hash: SHA256?

    /// - Parameters:
    ///   - earlier: how far the load had come.
    ///   - keepsProgress: whether the load has a key.
    init(from earlier: BulkProgress?, keepsProgress: Bool) {
        self.earlier = earlier
        report = earlier?.report ?? BulkReport()
        hash = keepsProgress ? SHA256() : nil
    }

    /// How far it had come when it began.
    var firstLine: Int { earlier?.line ?? 0 }

    /// Of all lines so far.
    var digest: [UInt8] { hash.map { Array($0.finalize()) } ?? [] }

    /// - Throws: ``ContentError/keyOfAnotherLoad``.
    mutating func take(_ next: LineSplitter.Line) throws {
        line += 1
        update(with: next)
        if let earlier, line <= earlier.line {
            guard line < earlier.line || digest == earlier.digest else { throw ContentError.keyOfAnotherLoad }
            return
        }
        guard earlier?.isDone != true else { throw ContentError.keyOfAnotherLoad }
        guard case .text(let bytes) = next else {
            return report.add([BulkLineParser.tooLong(line, maximum: BulkLoad.maximumLineLength)])
        }
        switch parser.parse(bytes, number: line) {
        case .line(let line): batch.append(line)
        case .failure(let failure): report.add([failure])
        case nil: break
        }
    }

    mutating func takeBatch() -> BulkBatch {
        defer { batch = BulkBatch() }
        return batch
    }

    mutating func add(_ outcome: BulkOutcome) {
        report.add(outcome)
    }

    /// - Throws: ``ContentError/keyOfAnotherLoad`` when lines are missing that an earlier request had.
    func finish() throws {
        guard line >= firstLine else { throw ContentError.keyOfAnotherLoad }
    }

    private mutating func update(with next: LineSplitter.Line) {
        guard hash != nil else { return }
        switch next {
        case .text(let bytes): bytes.withUnsafeBytes { hash?.update(bufferPointer: $0) }
        // No text has this byte, in which what is gone differs from an empty line.
        case .tooLong: hash?.update(data: [0xFF])
        }
        hash?.update(data: [UInt8(ascii: "\n")])
    }
}
