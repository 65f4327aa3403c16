import FoundationEssentials
import NIOCore

@testable import Media

/// A store that differs from the one behind it in what a test sets.
struct StandInStore: ObjectStore {
    let base: any ObjectStore
    /// Nothing is taken, for this reason.
    var writeError: ObjectStoreError?
    /// Where clients reach the store itself.
    var address: String?

    private struct Writer: ObjectWriter {
        var base: any ObjectWriter
        let error: ObjectStoreError

        mutating func write(_ bytes: ByteBuffer) async throws { throw error }
        mutating func finish() async throws { throw error }
        mutating func abandon() async { await base.abandon() }
    }

    func writer(for key: ObjectKey) async throws -> any ObjectWriter {
        let writer = try await base.writer(for: key)
        return writeError.map { Writer(base: writer, error: $0) } ?? writer
    }

    func partWriter(for key: ObjectKey, number: Int) async throws -> any ObjectWriter {
        let writer = try await base.partWriter(for: key, number: number)
        return writeError.map { Writer(base: writer, error: $0) } ?? writer
    }

    func checkWritable() async throws {
        if let writeError { throw writeError }
        try await base.checkWritable()
    }

    func directURL(for call: DirectCall, until expiry: Date) async throws -> String? {
        guard let address else { return nil }
        switch call {
        case .read(_, let contentType, _): return "\(address)/read?type=\(contentType)"
        case .putPart(_, let number): return "\(address)/parts/\(number)"
        }
    }

    func size(of key: ObjectKey) async throws -> Int? { try await base.size(of: key) }
    func read(_ key: ObjectKey, _ range: Range<Int>, _ consume: (ByteBuffer) async throws -> Void) async throws {
        try await base.read(key, range, consume)
    }
    func remove(_ key: ObjectKey) async throws { try await base.remove(key) }
    func objects(in shard: ObjectShard) async throws -> [StoredObject] { try await base.objects(in: shard) }
    func beginParts(of key: ObjectKey) async throws { try await base.beginParts(of: key) }
    func parts(of key: ObjectKey) async throws -> [Int: Int] { try await base.parts(of: key) }
    func joinParts(of key: ObjectKey, count: Int) async throws { try await base.joinParts(of: key, count: count) }
    func discardParts(of key: ObjectKey) async throws { try await base.discardParts(of: key) }
    func removeUnfinished(before time: Date, live: Set<ObjectKey>, dryRun: Bool) async throws -> Int {
        try await base.removeUnfinished(before: time, live: live, dryRun: dryRun)
    }
}
