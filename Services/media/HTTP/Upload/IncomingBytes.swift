import Hummingbird
import NIOCore

/// A streamed request body, in which a connection that breaks, or framing that can't be read, is the sender's doing:
/// the body was cut off.
struct IncomingBytes: AsyncSequence {
    let body: RequestBody

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: RequestBody.AsyncIterator

        /// - Throws: ``MediaError/cutOff``, `CancellationError`.
        mutating func next() async throws -> ByteBuffer? {
            do {
                let bytes = try await base.next()
                try Task.checkCancellation()
                return bytes
            } catch let error as CancellationError {
                throw error
            } catch {
                throw MediaError.cutOff
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: body.makeAsyncIterator())
    }
}
