import ServiceKit

/// How long things are kept.
struct MaintenanceRules: Sendable {
    enum Retention: String, Sendable, CaseIterable {
        case archive, delete
    }

    /// How long what was deleted, or left behind by an upload that failed, stays in the store.
    var grace: Duration
    /// Days after its upload that a file is archived or deleted; `nil`: never.
    var retentionDays: Int?
    var retention: Retention

    init(grace: Duration, retentionDays: Int? = nil, retention: Retention = .archive) {
        self.grace = grace
        self.retentionDays = retentionDays
        self.retention = retention
    }

    init(from reader: inout SettingsReader) {
        grace = reader.seconds(
            "MEDIA_GRACE", default: 86_400, in: 0...31_536_000,
            "Seconds that deleted files, and leftovers of failed uploads, stay in the store. More than an upload takes."
        )
        let days = reader.integer(
            "MEDIA_RETENTION_DAYS", default: 0, in: 0...36_500,
            "Days after which maintenance archives or deletes a file; 0: never.")
        retentionDays = days == 0 ? nil : days
        retention = reader.choice(
            "MEDIA_RETENTION_ACTION", default: .archive,
            "What happens after MEDIA_RETENTION_DAYS: archive (no longer listed) or delete.")
    }
}
