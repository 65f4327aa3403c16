import Metrics
import NIOConcurrencyHelpers

/// How old what this process knows of keys and revocations is, as `token_state_age_seconds`: what is revoked is in force
/// here no later than that.
public struct TokenStateAge: Sendable {
    private let meter = Meter(label: "token_state_age_seconds")
    private let readAt = NIOLockedValueBox(ContinuousClock.now)

    public init() {}

    /// Reads anew; the age is told whether that works or not.
    public func measure(_ read: () async throws -> Void) async throws {
        let began = ContinuousClock.now
        defer { meter.set(readAt.withLockedValue { $0.duration(to: .now) }.seconds) }
        try await read()
        readAt.withLockedValue { $0 = began }
    }
}
