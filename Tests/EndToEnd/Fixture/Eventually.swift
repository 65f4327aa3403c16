import Testing

/// Asks again and again until the condition holds, and fails the test when it does not in time.
func eventually(
    _ what: String, within limit: Duration = .seconds(60), sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("not within \(limit): \(what)", sourceLocation: sourceLocation)
            return
        }
        // The pause between two looks at the condition.
        try await Task.sleep(for: .milliseconds(50))
    }
}
