import CLibPQ
import Glibc

/// epoll, level-triggered.
final class Poller {
    struct Ready {
        let token: Int
        let isReadable: Bool
        let isWritable: Bool
    }

    private static let readable = EPOLLIN.rawValue | EPOLLRDHUP.rawValue
    private static let writable = EPOLLOUT.rawValue
    /// Told whether asked for or not.
    private static let broken = EPOLLERR.rawValue | EPOLLHUP.rawValue

    private let descriptor: CInt
    private var events = [epoll_event](repeating: epoll_event(), count: 64)

    init() {
        descriptor = epoll_create1(CInt(EPOLL_CLOEXEC))
        precondition(descriptor >= 0, "no file descriptor left for epoll")
    }

    deinit {
        close(descriptor)
    }

    func add(_ socket: CInt, token: Int, reads: Bool = true, writes: Bool = false) {
        control(EPOLL_CTL_ADD, socket, token: token, reads: reads, writes: writes)
    }

    func change(_ socket: CInt, token: Int, reads: Bool, writes: Bool) {
        control(EPOLL_CTL_MOD, socket, token: token, reads: reads, writes: writes)
    }

    func remove(_ socket: CInt) {
        epoll_ctl(descriptor, EPOLL_CTL_DEL, socket, nil)
    }

    /// - Parameter milliseconds: −1 for ever.
    func wait(milliseconds: Int32, _ body: (Ready) -> Void) {
        let count = epoll_wait(descriptor, &events, CInt(events.count), milliseconds)
        for index in 0..<max(0, Int(count)) {
            let event = events[index]
            body(
                Ready(
                    token: Int(event.data.u64), isReadable: event.events & (Self.readable | Self.broken) != 0,
                    isWritable: event.events & (Self.writable | Self.broken) != 0))
        }
    }

    private func control(_ operation: CInt, _ socket: CInt, token: Int, reads: Bool, writes: Bool) {
        var event = epoll_event()
        event.events = (reads ? Self.readable : 0) | (writes ? Self.writable : 0)
        event.data.u64 = UInt64(token)
        epoll_ctl(descriptor, operation, socket, &event)
    }
}
