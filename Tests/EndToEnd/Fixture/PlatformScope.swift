import Testing

/// Starts the platform before a suite's first test, and stops it after the last.
struct PlatformScope: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let platform = try await Platform.start()
        do {
            try await Platform.$running.withValue(platform, operation: function)
        } catch {
            try await platform.stop()
            throw error
        }
        try await platform.stop()
    }
}

extension Trait where Self == PlatformScope {
    static var onePlatform: Self { PlatformScope() }
}
