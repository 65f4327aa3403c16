import FoundationEssentials
import WireProtocol

/// What maintenance must know of the catalogue, and may change in it.
protocol MaintenanceRecords: Sendable {
    /// Files that were uploaded before `time` and are not archived: archives or deletes them unless `dryRun`.
    func retire(uploadedBefore time: Date, by action: MaintenanceRules.Retention, dryRun: Bool) async throws -> Int
    /// Every file whose bytes are, or should be, in the shard; deleted ones too.
    func files(in shard: ObjectShard) async throws -> [FileRecord]
    /// Takes a key that no file and no upload has, for good. `false` when one has it after all.
    func discard(_ key: ObjectKey) async throws -> Bool
    func markMissing(_ file: FileRecord) async throws
    func restore(_ file: FileRecord) async throws
    /// Forgets a file that was deleted or is missing.
    func purge(_ file: FileRecord) async throws
    /// Uploads in parts that expired before `time`.
    func uploads(expiredBefore time: Date) async throws -> [PartedUpload]
    func forget(_ upload: PartedUpload) async throws
    /// The keys of all other uploads in parts.
    func liveUploadKeys(at time: Date) async throws -> Set<ObjectKey>
    /// Removes notes that have served their time: answered keys, discarded objects.
    func tidy() async throws
}

/// A file as maintenance sees it.
struct FileRecord: Sendable, Hashable {
    enum State: Sendable, Hashable {
        case kept
        case deleted(Date)
        /// Since when its bytes are known to be missing.
        case missing(Date)
    }

    let id: Identifier
    let key: ObjectKey
    let size: Int
    let state: State
}
