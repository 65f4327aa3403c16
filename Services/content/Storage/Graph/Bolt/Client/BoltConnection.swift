import NIOCore

/// One connection after the handshake. Used by one transaction at a time; see ``BoltPool``.
struct BoltConnection: Sendable {
    let channel: any Channel
    let version: BoltVersion
    let address: BoltAddress

    var isOpen: Bool { channel.isActive }

    /// Sends all of the requests, then waits for all of their answers. When the task is cancelled the connection is
    /// closed: what it was asked for can't be taken back otherwise.
    ///
    /// - Throws: ``BoltError``; of several requests the first failure.
    func exchange(_ requests: [BoltRequest]) async throws -> [BoltAnswer] {
        let answers = channel.eventLoop.makePromise(of: [BoltAnswer].self)
        return try await withTaskCancellationHandler {
            let exchange = BoltExchange(requests: requests, answers: answers)
            channel.writeAndFlush(exchange).cascadeFailure(to: answers)
            do {
                return try await answers.futureResult.get()
            } catch let error as ChannelError {
                try Task.checkCancellation()
                throw BoltError.connection("\(error)")
            } catch {
                try Task.checkCancellation()
                throw error
            }
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    func close() {
        channel.close(promise: nil)
    }

    /// Takes leave of the server; does not wait for it.
    func sayGoodbye() {
        let nothing = channel.eventLoop.makePromise(of: [BoltAnswer].self)
        let sent = channel.writeAndFlush(BoltExchange(requests: [.goodbye], answers: nothing))
        sent.cascadeFailure(to: nothing)
        sent.whenComplete { _ in channel.close(promise: nil) }
    }
}
