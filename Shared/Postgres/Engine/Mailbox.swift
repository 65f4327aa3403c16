import CLibPQ
import Glibc
import Synchronization

/// How tasks and threads reach the engine: a locked queue, and an eventfd that is written only when the engine sleeps.
final class Mailbox: Sendable {
    enum Message {
        case submit(Request)
        case cancel(Request)
        case abandonCopy(LeaseID)
        case dialled(Dialled)
        case cancelReturned(slot: Int, connection: Int, succeeded: Bool)
        case subscribe(Subscription)
        case unsubscribe(Subscription)
        case stop(Stop)
    }

    private struct Contents {
        var messages: [Message] = []
        var isAsleep = false
        var isClosed = false
    }

    private let contents = Mutex(Contents())
    /// Readable when a message came while the engine slept.
    let wakeUp: CInt

    init() {
        wakeUp = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(wakeUp >= 0, "no file descriptor left for an eventfd")
    }

    deinit {
        Glibc.close(wakeUp)
    }

    /// - Returns: `false` when the engine has stopped and will never see it.
    func post(_ message: Message) -> Bool {
        let outcome = contents.withLock { contents -> (isTaken: Bool, wakes: Bool) in
            if contents.isClosed { return (false, false) }
            contents.messages.append(message)
            defer { contents.isAsleep = false }
            return (true, contents.isAsleep)
        }
        if outcome.wakes {
            var one: UInt64 = 1
            write(wakeUp, &one, MemoryLayout<UInt64>.size)
        }
        return outcome.isTaken
    }

    /// Swaps what has come for `empty`, whose capacity is used again.
    func take(into empty: inout [Message]) {
        contents.withLock { swap(&$0.messages, &empty) }
    }

    /// Whether the engine may sleep, since nothing has come; from then on a message wakes it.
    func fallAsleep() -> Bool {
        contents.withLock { contents in
            contents.isAsleep = contents.messages.isEmpty
            return contents.isAsleep
        }
    }

    /// Called by the engine when it is awake again.
    func awake() {
        contents.withLock { $0.isAsleep = false }
    }

    /// Takes no more messages. Returns the last ones.
    func close() -> [Message] {
        contents.withLock { contents in
            contents.isClosed = true
            defer { contents.messages = [] }
            return contents.messages
        }
    }

    /// Empties the eventfd.
    func drainWakeUp() {
        var count: UInt64 = 0
        read(wakeUp, &count, MemoryLayout<UInt64>.size)
    }
}
