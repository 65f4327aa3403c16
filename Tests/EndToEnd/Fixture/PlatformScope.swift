import Testing

/// Starts the platform before a suite's first test, and stops it after the last; not one that is up already.
struct PlatformScope: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        if Platform.elsewhere != nil { return try await function() }
        let platform = try await LocalPlatform.start()
        do {
            try await LocalPlatform.$running.withValue(platform, operation: function)
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

extension Trait where Self == ConditionTrait {
    /// For what looks into the platform's processes, stops them, or asks their database: of one that is up already, only
    /// the gateway is in reach.
    static var local: Self { .enabled(if: Platform.elsewhere == nil, "it needs the platform's processes") }
}
