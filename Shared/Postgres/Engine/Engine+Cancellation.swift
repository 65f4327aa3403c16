import CLibPQ

/// Cancelling statements at the server, whom nobody waits for.
extension Engine {
    /// Carries out what follows from a change of the connection's state.
    func settle(_ connection: Connection) {
        guard connections[connection.slot] === connection else { return }
        switch connection.state.settle(now: now) {
        case .none: break
        case .sendRequest: requestCancel(connection)
        case .giveUp:
            lose(connection, "a cancelled statement did not end")
            return
        }
        nextSweep = min(nextSweep, connection.state.cancellation.nextStep)
        pool.setQuarantined(connection.slot, connection.state.isQuarantined)
        continueLease(connection)
    }

    /// libpq's cancel request opens a connection of its own and blocks, so it gets a thread of its own. At most one for
    /// each connection is on its way.
    private func requestCancel(_ connection: Connection) {
        let (mailbox, slot, serial) = (mailbox, connection.slot, connection.serial)
        let ticket = CancelTicket(connection.session)
        let isStarted = DetachedThread.start("pg-cancel") {
            let succeeded = ticket.redeem()
            _ = mailbox.post(.cancelReturned(slot: slot, connection: serial, succeeded: succeeded))
        }
        if !isStarted {
            _ = mailbox.post(.cancelReturned(slot: slot, connection: serial, succeeded: false))
        }
    }

    func cancelReturned(slot: Int, serial: Int, succeeded: Bool) {
        guard let connection = connections[slot], connection.serial == serial else { return }
        connection.state.cancelReturned(succeeded: succeeded, now: now)
        settle(connection)
    }
}

/// The right to cancel what a session runs, apart from the session.
///
/// `@unchecked Sendable` is safe: libpq allows a `PGcancel` to be used by another thread than its connection (34.7).
private final class CancelTicket: @unchecked Sendable {
    private let cancel: OpaquePointer?

    init(_ session: Session) {
        cancel = PQgetCancel(session.connection)
    }

    deinit {
        PQfreeCancel(cancel)
    }

    /// Returns when the server has passed the request on. `false` when it could not be reached.
    func redeem() -> Bool {
        var message = [CChar](repeating: 0, count: 256)
        return PQcancel(cancel, &message, Int32(message.count)) == 1
    }
}
