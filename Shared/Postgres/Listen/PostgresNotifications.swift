/// The payloads of the notifications on one channel (documentation, "NOTIFY"). Ends when the client shuts down or the
/// task is cancelled.
///
/// What is sent while there is no connection is lost, and of more than 1,024 that wait the oldest are dropped: take
/// them as a hint to look, and look now and then without one. For one consumer.
public struct PostgresNotifications: AsyncSequence, Sendable {
    public typealias Element = String
    public typealias Failure = Never

    let stream: AsyncStream<String>

    public func makeAsyncIterator() -> AsyncStream<String>.Iterator {
        stream.makeAsyncIterator()
    }
}

extension PostgresClient {
    private static let bufferedNotifications = 1024

    /// Listens on `channel`, from now until the sequence is dropped, on a connection beside the pool; again after that
    /// was lost.
    public func notifications(on channel: String) -> PostgresNotifications {
        let (stream, continuation) = AsyncStream.makeStream(
            of: String.self, bufferingPolicy: .bufferingNewest(Self.bufferedNotifications))
        let subscription = Subscription(channel: channel, continuation: continuation)
        let mailbox = engine.mailbox
        continuation.onTermination = { _ in
            _ = mailbox.post(.unsubscribe(subscription))
        }
        engine.start()
        if !mailbox.post(.subscribe(subscription)) { continuation.finish() }
        return PostgresNotifications(stream: stream)
    }
}
