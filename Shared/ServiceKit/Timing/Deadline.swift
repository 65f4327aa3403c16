/// Why a piece of work was given up.
public struct DeadlineExceeded: Error, Sendable {
    public init() {}
}

public enum Deadline {
    /// Runs `work`, but cancels it and throws ``DeadlineExceeded`` after `duration`.
    public static func run<Result: Sendable>(
        _ duration: Duration, _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: duration)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let result = first else { throw DeadlineExceeded() }
            return result
        }
    }
}
