import NIOCore

/// Lines made as they are asked for, as a body that comes over the network is.
struct BulkSource: AsyncSequence, Sendable {
    let count: Int
    /// By its number, from 1.
    let line: @Sendable (Int) async throws -> String

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: self) }

    struct AsyncIterator: AsyncIteratorProtocol {
        let source: BulkSource
        var number = 0

        mutating func next() async throws -> ByteBuffer? {
            guard number < source.count else { return nil }
            number += 1
            return ByteBuffer(string: try await source.line(number))
        }
    }
}
