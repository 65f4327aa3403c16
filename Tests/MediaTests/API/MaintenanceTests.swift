import FoundationEssentials
import HTTPTypes
import NIOCore
import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Media

@Suite("POST /media/maintenance", .enabled(if: TestDatabase.isAvailable))
struct MaintenanceTests {
    private static let hour = MaintenanceRules(grace: .seconds(3_600))

    @Test("removes the bytes of deleted files once the grace time is over")
    func deleted() async throws {
        try await withMedia(maintenance: Self.hour) { media in
            let gone = try await media.item("12345")
            let kept = try await media.item("kept")
            try await media.call(.delete, gone.path, token: media.token())
            #expect(try await media.maintain() == [:])
            try await media.database.query("UPDATE media SET deleted_at = deleted_at - interval '2 hours'")
            let plan = try await media.maintain(dryRun: true)
            #expect(plan == ["purged": 1, "freed_bytes": 5])
            #expect(try media.storedFiles().count == 2)
            #expect(try await media.maintain() == plan)
            #expect(try media.storedFiles().count == 1)
            #expect(try await media.maintain() == [:])
            #expect(try await media.call(.get, kept.path + "/content", token: media.token()).status == .ok)
        }
    }

    @Test("removes objects without a file, and what writers left behind, but nothing that is young")
    func orphans() async throws {
        try await withMedia(maintenance: Self.hour) { media in
            try await media.leaveOrphan("orphan")
            var unfinished = try await media.store.writer(for: ObjectKey())
            try await unfinished.write(ByteBuffer(string: "cut off by SIGKILL"))
            #expect(try await media.maintain() == [:])
            #expect(try media.storedFiles().count == 2)
            let later = try await media.run(Self.hour, in: 7_200, dryRun: true)
            let report = try await media.run(Self.hour, in: 7_200)
            #expect(later == report)
            #expect(report == MaintenanceReport(freedBytes: 6, orphanedObjects: 1, unfinishedWrites: 1))
            #expect(try media.storedFiles().isEmpty)
            await unfinished.abandon()
        }
    }

    @Test("takes nothing from an upload that is just being acknowledged")
    func discardedKey() async throws {
        try await withMedia { media in
            var deposit = try await media.library.deposit()
            try await deposit.write(ByteBuffer(string: "text"))
            let file = try await deposit.finish()
            #expect(try await media.maintain() == ["orphaned_objects": 1, "freed_bytes": 4])
            let details = MediaDetails(filename: "a", visibility: .private)
            await #expect(throws: ObjectStoreError.self) {
                try await media.library.add(NewMedia(ownerID: media.owner, file: file, details: details))
            }
            #expect(try await media.database.query("SELECT id FROM media").isEmpty)
        }
    }

    @Test("hides files whose bytes are gone, brings them back with their bytes, and forgets them after the grace time")
    func missing() async throws {
        try await withMedia(maintenance: Self.hour) { media in
            let item = try await media.item("text", .public)
            let key = try #require(await media.library.catalogue.item(item.id)).file.key
            try await media.store.remove(key)
            #expect(try await media.maintain(dryRun: true) == ["missing_objects": 1])
            #expect(try await media.maintain() == ["missing_objects": 1])
            #expect(try await media.call(.get, item.path).status == .notFound)
            var writer = try await media.store.writer(for: key)
            try await writer.write(ByteBuffer(string: "text"))
            try await writer.finish()
            #expect(try await media.maintain() == ["restored": 1])
            #expect(try await media.call(.get, item.path + "/content").text == "text")
            try await media.store.remove(key)
            #expect(try await media.maintain() == ["missing_objects": 1])
            #expect(try await media.run(Self.hour, in: 7_200).missingObjects == 1)
            #expect(try await media.database.query("SELECT id FROM media").isEmpty)
        }
    }

    @Test("archives or deletes what is older than the retention time", arguments: MaintenanceRules.Retention.allCases)
    func retention(_ action: MaintenanceRules.Retention) async throws {
        let rules = MaintenanceRules(grace: .seconds(3_600), retentionDays: 30, retention: action)
        try await withMedia(maintenance: rules) { media in
            let old = try await media.item("old", .public)
            try await media.database.query("UPDATE media SET created_at = now() - interval '31 days'")
            let young = try await media.item("young", .public)
            let expected = [action == .archive ? "archived" : "expired": 1]
            #expect(try await media.maintain(dryRun: true) == expected)
            #expect(try await media.maintain() == expected)
            #expect(try await media.maintain() == [:])
            let token = try await media.token()
            let list = try await media.call(.get, "/media", token: token).text
            #expect(list.contains(young.id.description) && !list.contains(old.id.description))
            #expect(try await media.call(.get, old.path).status == .notFound)
            let own = try await media.call(.get, old.path + "/content", token: token)
            #expect(own.status == (action == .archive ? .ok : .notFound))
        }
    }

    @Test("removes uploads in parts that were not completed in time, and no others")
    func expiredUploads() async throws {
        try await withMedia { media in
            let details = MediaDetails(filename: "a", visibility: .private)
            for age in [0.0, 90_000] {
                let upload = PartedUpload(
                    ownerID: media.owner, details: details, size: 4, sha256: nil, now: Date().addingTimeInterval(-age))
                try await PostgresPartedUploads(
                    database: media.database, catalogue: PostgresCatalogue(database: media.database)
                ).begin(upload)
                var part = try await media.store.partWriter(for: upload.key, number: 1)
                try await part.write(ByteBuffer(string: "text"))
                try await part.finish()
            }
            #expect(try await media.maintain(dryRun: true)["expired_uploads"] == 1)
            #expect(try await media.maintain() == ["expired_uploads": 1])
            #expect(try media.storedFiles().count == 1)
        }
    }

    @Test("is for admins")
    func access() async throws {
        try await withMedia { media in
            let teacher = try await media.token(.teacher)
            #expect(try await media.call(.post, "/media/maintenance", token: teacher).status == .forbidden)
            #expect(try await media.call(.post, "/media/maintenance").status == .unauthorized)
            let odd = try await media.call(
                .post, "/media/maintenance?dry_run=perhaps", token: media.token(.admin))
            #expect(odd.status == .unprocessableContent)
        }
    }
}

extension MediaFixture {
    /// The numbers of the report that are not zero.
    fileprivate func maintain(dryRun: Bool = false) async throws -> [String: Int] {
        let answer = try await call(.post, "/media/maintenance?dry_run=\(dryRun)", token: token(.admin))
        let report = try answer.decoded([String: JSONValue].self)
        #expect(report["dry_run"] == .bool(dryRun))
        return report.compactMapValues { value in
            if case .integer(let number) = value, number != 0 { Int(number) } else { nil }
        }
    }

    /// A run at a later time, in seconds.
    fileprivate func run(_ rules: MaintenanceRules, in seconds: Double, dryRun: Bool = false) async throws
        -> MaintenanceReport
    {
        try await MaintenanceRun(
            objects: store, records: PostgresMaintenanceRecords(database: database), rules: rules,
            now: Date().addingTimeInterval(seconds), dryRun: dryRun
        ).run()
    }

    fileprivate func leaveOrphan(_ text: String) async throws {
        var writer = try await store.writer(for: ObjectKey())
        try await writer.write(ByteBuffer(string: text))
        try await writer.finish()
    }
}
