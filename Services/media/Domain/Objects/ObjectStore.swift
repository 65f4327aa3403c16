import FoundationEssentials
import NIOCore

/// Where bytes are kept: a folder, or an S3 bucket. An object is written once, under a key that is never used again,
/// and read, wholly or in part, until it is removed.
///
/// Everything throws ``ObjectStoreError``, and `CancellationError`.
protocol ObjectStore: Sendable {
    /// Starts an object. Nothing is under `key` before the writer has finished.
    func writer(for key: ObjectKey) async throws -> any ObjectWriter
    /// `nil` when there is no such object.
    func size(of key: ObjectKey) async throws -> Int?
    /// Reads a part of an object with bounded read-ahead, and hands it on piece by piece; `consume` sets the pace.
    ///
    /// - Parameter range: within the object's size.
    func read(_ key: ObjectKey, _ range: Range<Int>, _ consume: (ByteBuffer) async throws -> Void) async throws
    /// Removes an object; one that isn't there is removed already.
    func remove(_ key: ObjectKey) async throws
    /// The objects of one shard, in no order.
    func objects(in shard: ObjectShard) async throws -> [StoredObject]

    /// Starts an object that comes in parts, in any order, over any number of requests.
    func beginParts(of key: ObjectKey) async throws
    /// Takes part `number`, from 1, in place of one that came before.
    func partWriter(for key: ObjectKey, number: Int) async throws -> any ObjectWriter
    /// The sizes of the parts that are there, by number.
    func parts(of key: ObjectKey) async throws -> [Int: Int]
    /// Joins the parts 1 to `count` into the object; the parts stay until they are discarded.
    func joinParts(of key: ObjectKey, count: Int) async throws
    /// Removes the parts; those that aren't there are removed already.
    func discardParts(of key: ObjectKey) async throws

    /// A URL at which a client makes this call to the store itself; `nil` where clients can't reach the store, so that
    /// media serves the call.
    func directURL(for call: DirectCall, until expiry: Date) async throws -> String?

    /// What writers that never finished, and parts of other objects than `live`, left behind and nothing has touched
    /// since `time`: removes it unless `dryRun`, and answers how many files that is.
    func removeUnfinished(before time: Date, live: Set<ObjectKey>, dryRun: Bool) async throws -> Int
    /// Tries whether the store takes bytes.
    func checkWritable() async throws
}

/// What a client can be allowed to do at the store.
enum DirectCall: Sendable, Hashable {
    /// Read an object, which the store is to answer with these header fields.
    case read(ObjectKey, contentType: String, disposition: String)
    /// Put one part, from 1, of an object that comes in parts.
    case putPart(ObjectKey, number: Int)
}

struct StoredObject: Sendable, Hashable {
    let key: ObjectKey
    /// Bytes.
    let size: Int
    let modifiedAt: Date
}

/// Takes the bytes of one object. Either ``finish()`` or ``abandon()`` must be the last call.
protocol ObjectWriter: Sendable {
    mutating func write(_ bytes: ByteBuffer) async throws
    /// Returns when the object is there and would survive a power cut.
    mutating func finish() async throws
    /// Leaves nothing behind. Runs to its end even in a cancelled task.
    mutating func abandon() async
}

/// What a store can't do.
enum ObjectStoreError: Error, Sendable {
    /// The object isn't there.
    case notFound(ObjectKey)
    /// No space is left.
    case full
    /// For operators: the store can't be reached or doesn't work.
    case unavailable(String)
}
