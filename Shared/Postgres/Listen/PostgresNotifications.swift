public struct PostgresNotifications: AsyncSequence, Sendable {
    public typealias Element = String
    public typealias Failure = Never
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator() }
    public struct AsyncIterator: AsyncIteratorProtocol {
        public mutating func next() async -> String? { nil }
    }
}
