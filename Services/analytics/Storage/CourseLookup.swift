import Postgres

/// Whether there is a course to report on.
enum CourseLookup {
    /// `true` when content or a generator has told of it, or learners have; `false` once content has deleted it.
    static func isKnown(_ knowledgeID: Int, _ executor: some PostgresExecutor) async throws -> Bool {
        let rows = try await executor.query(
            """
            SELECT coalesce(
                       (SELECT deleted_at IS NULL FROM knowledge WHERE id = $1),
                       EXISTS (SELECT FROM learner_days WHERE knowledge_id = $1)) AS is_known
            """, [knowledgeID])
        return try rows[0]["is_known"]
    }
}
