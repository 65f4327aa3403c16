/// Bounds how many test databases are in use at once: tests run in parallel by the hundred, and each database takes
/// connections of a server that has few.
actor TestDatabaseGate {
    static let shared = TestDatabaseGate(places: 12)
    /// Whether the task is through the gate: a test that uses two databases must not wait for itself.
    @TaskLocal private static var isInside = false

    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private init(places: Int) {
        self.places = places
    }

    nonisolated func pass<Value>(_ body: () async throws -> Value) async throws -> Value {
        guard !Self.isInside else { return try await body() }
        await enter()
        do {
            let value = try await Self.$isInside.withValue(true) { try await body() }
            await leave()
            return value
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async {
        guard places == 0 else {
            places -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        if waiting.isEmpty { places += 1 } else { waiting.removeFirst().resume() }
    }
}
