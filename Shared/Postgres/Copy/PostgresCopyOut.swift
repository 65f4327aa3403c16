public struct PostgresCopyOut: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator() }
    public struct AsyncIterator: AsyncIteratorProtocol {
        public mutating func next() async throws -> [UInt8]? { nil }
    }
}
