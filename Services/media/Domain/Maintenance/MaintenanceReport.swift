/// What a maintenance run did, or would do.
struct MaintenanceReport: Sendable, Equatable {
    /// Files whose retention time was over: left out of lists from now on.
    var archived = 0
    /// Files whose retention time was over: deleted, their bytes to follow after the grace time.
    var expired = 0
    /// Deleted files whose bytes went.
    var purged = 0
    /// Bytes that went with those, and with ``orphanedObjects``.
    var freedBytes = 0
    /// Objects that no file refers to, removed.
    var orphanedObjects = 0
    /// Files whose bytes are not in the store. They are hidden, and go after the grace time if the bytes stay away.
    var missingObjects = 0
    /// Files whose bytes are back.
    var restored = 0
    /// Leftovers of uploads that broke off, removed.
    var unfinishedWrites = 0
    /// Uploads in parts that were not completed in time, removed.
    var expiredUploads = 0
}
