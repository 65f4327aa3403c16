/// Asks again and again until there is an answer.
///
/// - Throws: ``NeverHappened`` after 30 seconds.
func eventually<Value>(_ question: () async throws -> Value?) async throws -> Value {
    let deadline = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < deadline {
        if let answer = try await question() { return answer }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw NeverHappened()
}

struct NeverHappened: Error {}
