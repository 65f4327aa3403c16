/// A wish that the engine end.
struct Stop: Sendable {
    /// Whether what waits and runs is finished first; nothing new is taken either way.
    let isGraceful: Bool
    let continuation: CheckedContinuation<Void, Never>?
}

extension Engine {
    func beginStop(_ stop: Stop) {
        stops.append(stop)
        for subscription in listener.state.all { subscription.finish() }
        closeListener()
    }

    var isFinished: Bool {
        guard !stops.isEmpty else { return false }
        if stops.contains(where: { !$0.isGraceful }) { return true }
        return pool.queued == 0 && pool.inFlight == 0 && pool.leased == 0
    }

    /// Ends whatever is left, and lets go of the thread.
    func shutDown() {
        for message in mailbox.close() {
            switch message {
            case .submit(let request): request.fail(PostgresError.closed)
            case .subscribe(let subscription): subscription.finish()
            case .stop(let stop): stops.append(stop)
            case .cancel, .abandonCopy, .dialled, .cancelReturned, .unsubscribe: break
            }
        }
        for request in pool.remove(where: { _ in true }) { request.fail(PostgresError.closed) }
        for connection in connections {
            if let connection { close(connection, .closed) }
        }
        for stop in stops { stop.continuation?.resume() }
    }
}
