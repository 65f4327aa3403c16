import FoundationEssentials
import Hummingbird
import ServiceKit

/// `POST /media/maintenance`.
struct MaintenanceRoutes: Sendable {
    let objects: any ObjectStore
    let records: any MaintenanceRecords
    let rules: MaintenanceRules

    var routes: [Route] {
        [Route(.post, "/media/maintenance", .role(.admin), run)]
    }

    @Sendable private func run(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let dryRun = query.flag("dry_run")
        try query.finish()
        let run = MaintenanceRun(objects: objects, records: records, rules: rules, now: Date(), dryRun: dryRun)
        return try .json(MaintenanceRepresentation(try await run.run(), dryRun: dryRun))
    }
}

/// A ``MaintenanceReport`` on the wire.
struct MaintenanceRepresentation: Encodable {
    let dry_run: Bool
    let archived: Int
    let expired: Int
    let purged: Int
    let freed_bytes: Int
    let orphaned_objects: Int
    let missing_objects: Int
    let restored: Int
    let unfinished_writes: Int
    let expired_uploads: Int

    init(_ report: MaintenanceReport, dryRun: Bool) {
        dry_run = dryRun
        archived = report.archived
        expired = report.expired
        purged = report.purged
        freed_bytes = report.freedBytes
        orphaned_objects = report.orphanedObjects
        missing_objects = report.missingObjects
        restored = report.restored
        unfinished_writes = report.unfinishedWrites
        expired_uploads = report.expiredUploads
    }
}
