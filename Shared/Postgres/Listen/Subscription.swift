/// One listener of one channel.
final class Subscription: Sendable, Hashable {
    let channel: String
    private let continuation: AsyncStream<String>.Continuation

    init(channel: String, continuation: AsyncStream<String>.Continuation) {
        self.channel = channel
        self.continuation = continuation
    }

    func yield(_ payload: String) {
        continuation.yield(payload)
    }

    func finish() {
        continuation.finish()
    }

    static func == (left: Subscription, right: Subscription) -> Bool { left === right }

    func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}
