import NIOConcurrencyHelpers
import NIOCore

/// Whether the public port is open, for whoever asks from outside its event loops.
final class ServerState: Sendable {
    private enum Phase {
        case starting(waiting: [CheckedContinuation<SocketAddress?, Never>])
        case open(SocketAddress?)
        case draining
    }

    private let phase = NIOLockedValueBox(Phase.starting(waiting: []))

    var isOpen: Bool {
        phase.withLockedValue { if case .open = $0 { true } else { false } }
    }

    /// Waits for the port to open; `nil` when it is closing already.
    func address() async -> SocketAddress? {
        await withCheckedContinuation { continuation in
            let known: SocketAddress?? = phase.withLockedValue { phase in
                switch phase {
                case .starting(let waiting):
                    phase = .starting(waiting: waiting + [continuation])
                    return nil
                case .open(let address): return .some(address)
                case .draining: return .some(nil)
                }
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    func open(_ address: SocketAddress?) {
        for continuation in change(to: .open(address)) { continuation.resume(returning: address) }
    }

    /// For a while it is not.
    func interrupt() {
        _ = change(to: .starting(waiting: []))
    }

    func drain() {
        for continuation in change(to: .draining) { continuation.resume(returning: nil) }
    }

    private func change(to next: Phase) -> [CheckedContinuation<SocketAddress?, Never>] {
        phase.withLockedValue { phase in
            defer { phase = next }
            return if case .starting(let waiting) = phase { waiting } else { [] }
        }
    }
}
