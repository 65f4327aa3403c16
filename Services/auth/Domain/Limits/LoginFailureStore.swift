/// Counts of failed logins, and of sign-ups. Counts whose time is over are as if they weren't there.
protocol LoginFailureStore: Sendable {
    func counts(in buckets: [String]) async throws -> [String: FailureCount]

    /// Counts one more in each bucket; a bucket's time begins with its first failure.
    func record(in buckets: [String], window: Duration, _ entry: AuditEntry) async throws -> [String: FailureCount]

    /// The same, for what the audit log need not tell.
    func count(in buckets: [String], window: Duration) async throws -> [String: FailureCount]
}
