/// Where requests come in, and where they leave before they are done.
extension Engine {
    func submit(_ request: Request) {
        if case .cancelled = request.place { return request.fail(CancellationError()) }
        nextSweep = min(nextSweep, request.deadline)
        if let lease = request.lease {
            submit(request, on: lease)
        } else if !stops.isEmpty {
            request.fail(PostgresError.closed)
        } else {
            request.place = .queued
            let isTaken =
                if case .lease = request.work { pool.enqueue(lease: request) } else { pool.enqueue(statement: request) }
            if !isTaken { request.fail(PostgresError.overloaded) }
        }
    }

    /// Its task does not wait any more. What has been sent is cancelled at the server as soon as that hits nobody else.
    func abandon(_ request: Request, _ error: any Error) {
        let place = request.place
        switch place {
        case .settled, .cancelled: return
        case .underWay:
            request.place = .cancelled
            return
        case .queued: _ = pool.remove { $0 === request }
        case .pending(let slot): connections[slot]?.pending.removeAll { $0 === request }
        case .inFlight(let slot): connections[slot]?.state.abandon { $0 === request }
        case .copying(let slot): connections[slot].map(abandonCopy)
        }
        request.fail(error)
        if case .inFlight(let slot) = place { connections[slot].map(settle) }
    }

    /// Ends what has waited too long, and repeats what has to be repeated.
    func sweep() {
        nextSweep = .never
        let isLate = { [now] (request: Request) in request.deadline <= now }
        let reason = pool.open == 0 ? lastDialFailure : nil
        for request in pool.remove(where: isLate) { request.fail(reason ?? .timeout) }
        for request in pool.statements { nextSweep = min(nextSweep, request.deadline) }
        for request in pool.leases { nextSweep = min(nextSweep, request.deadline) }
        for connection in connections {
            guard let connection else { continue }
            sweep(connection, where: isLate)
        }
    }

    private func sweep(_ connection: Connection, where isLate: (Request) -> Bool) {
        let waiting = connection.state.operations.compactMap(\.request) + connection.pending
        for request in waiting + [connection.copy?.step].compactMap(\.self) {
            if !isLate(request) {
                nextSweep = min(nextSweep, request.deadline)
            } else if case .release = request.work {
                lose(connection, "the transaction could not be ended in time")
                return
            } else {
                abandon(request, PostgresError.timeout)
            }
        }
        settle(connection)
    }

    /// Gives statements and leases to connections, and opens more of them.
    func dispatch() {
        while let decision = pool.next(now: now) {
            switch decision {
            case .run(let request, let slot): run(request, slot)
            case .lease(let request, let slot): grant(request, slot)
            }
        }
        while let slot = pool.slotToDial(now: now) { dialler.dial(.pool(slot: slot), to: mailbox) }
        if listener.state.dials(now: now) { dialler.dial(.listener, to: mailbox) }
    }
}
