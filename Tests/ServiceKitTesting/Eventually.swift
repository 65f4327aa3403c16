/// Waits until a condition holds, looking again and again.
///
/// - Parameter what: the condition in words, for who reads that it did not hold.
/// - Throws: ``NotInTime`` when it does not hold within the limit.
public func eventually(
    _ what: String = "the condition holds", within limit: Duration = .seconds(60),
    file: StaticString = #fileID, line: Int = #line, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            throw NotInTime(description: "\(file):\(line): not within \(limit): \(what)")
        }
        try await Task.sleep(for: .milliseconds(20))
    }
}

public struct NotInTime: Error, CustomStringConvertible {
    public let description: String
}
