import Postgres

/// Lets one transaction at a time work on what is known of courses: the news from content, and the roll-up that
/// depends on it. Learning events and reports don't need it.
enum CourseLock {
    static func take(in transaction: PostgresTransaction) async throws {
        try await transaction.query("SELECT pg_advisory_xact_lock(hashtextextended('courses/' || current_schema(), 0))")
    }
}
