import FoundationEssentials
import ServiceKit

/// Brings the store and the catalogue in line, and removes what has served its time.
///
/// Any number of runs may go on at once, and one that breaks off can simply be repeated: bytes go before the rows that
/// lead to them, and a key is only taken from the store when nothing can refer to it any more.
struct MaintenanceRun: Sendable {
    let objects: any ObjectStore
    let records: any MaintenanceRecords
    let rules: MaintenanceRules
    let now: Date
    let dryRun: Bool

    /// What was left or deleted before this may go.
    private var cutoff: Date { now.addingTimeInterval(-rules.grace.seconds) }

    /// - Throws: ``ObjectStoreError``, what the database throws; what was done by then stays done.
    func run() async throws -> MaintenanceReport {
        var report = MaintenanceReport()
        try await retire(&report)
        try await removeExpiredUploads(&report)
        for shard in ObjectShard.all { try await compare(shard, &report) }
        let live = try await records.liveUploadKeys(at: now)
        report.unfinishedWrites = try await objects.removeUnfinished(before: cutoff, live: live, dryRun: dryRun)
        if !dryRun { try await records.tidy() }
        return report
    }

    private func retire(_ report: inout MaintenanceReport) async throws {
        guard let days = rules.retentionDays else { return }
        let time = now.addingTimeInterval(-Double(days) * 86_400)
        let count = try await records.retire(uploadedBefore: time, by: rules.retention, dryRun: dryRun)
        switch rules.retention {
        case .archive: report.archived = count
        case .delete: report.expired = count
        }
    }

    private func removeExpiredUploads(_ report: inout MaintenanceReport) async throws {
        for upload in try await records.uploads(expiredBefore: now) {
            if upload.mediaID == nil { report.expiredUploads += 1 }
            guard !dryRun else { continue }
            try await objects.discardParts(of: upload.key)
            try await records.forget(upload)
        }
    }

    /// The rows are read first: bytes are in the store before their row is there, so a row that is known has its
    /// object in a listing made later, unless the object is gone.
    private func compare(_ shard: ObjectShard, _ report: inout MaintenanceReport) async throws {
        let files = try await records.files(in: shard)
        let stored = try await objects.objects(in: shard)
        let known = Set(files.map(\.key))
        for object in stored where !known.contains(object.key) && object.modifiedAt <= cutoff {
            try await removeOrphan(object, &report)
        }
        let present = Set(stored.map(\.key))
        for file in files { try await settle(file, isStored: present.contains(file.key), &report) }
    }

    private func removeOrphan(_ object: StoredObject, _ report: inout MaintenanceReport) async throws {
        if !dryRun {
            guard try await records.discard(object.key) else { return }
            try await objects.remove(object.key)
        }
        report.orphanedObjects += 1
        report.freedBytes += object.size
    }

    private func settle(_ file: FileRecord, isStored: Bool, _ report: inout MaintenanceReport) async throws {
        switch file.state {
        case .kept where !isStored:
            guard try await objects.size(of: file.key) == nil else { return }
            report.missingObjects += 1
            if !dryRun { try await records.markMissing(file) }
        case .missing where isStored:
            report.restored += 1
            if !dryRun { try await records.restore(file) }
        case .missing(let since):
            report.missingObjects += 1
            if !dryRun && since <= cutoff { try await records.purge(file) }
        case .deleted(let time) where time <= cutoff:
            report.purged += 1
            if isStored { report.freedBytes += file.size }
            if !dryRun {
                try await objects.remove(file.key)
                try await records.purge(file)
            }
        case .kept, .deleted:
            break
        }
    }
}
