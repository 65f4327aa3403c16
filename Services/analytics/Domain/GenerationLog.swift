/// Where the outcomes of content generation are kept.
protocol GenerationLog: Sendable {
    /// Keeps a record, also of a course that content has not told of yet.
    ///
    /// - Throws: ``AnalyticsError/knowledgeDeleted``.
    func append(_ record: GenerationRecord) async throws -> StoredGeneration

    /// `nil` for a course that nobody has told of, or that was deleted.
    func report(on knowledgeID: Int, in range: TimeRange) async throws -> GenerationReport?
}
