import CLibPQ

/// Leases: one task has a connection to itself, and what it wants is done one after the other.
extension Engine {
    func grant(_ request: Request, _ slot: Int) {
        guard let connection = connections[slot] else { return }
        serials += 1
        let lease = LeaseID(slot: slot, serial: serials)
        connection.lease = lease
        request.succeed(.lease(lease))
    }

    func submit(_ request: Request, on lease: LeaseID) {
        guard let connection = connections[lease.slot], connection.lease == lease else {
            if case .release = request.work {
                request.succeed(.done)
            } else {
                request.fail(PostgresError.connection("lost, or the transaction has ended"))
            }
            return
        }
        if case .copyStep(let step) = request.work {
            submit(step, request, connection)
        } else {
            request.place = .pending(slot: lease.slot)
            connection.pending.append(request)
            continueLease(connection)
        }
    }

    /// Does the next thing, unless something is still under way.
    func continueLease(_ connection: Connection) {
        guard connection.lease != nil, connection.state.isIdle, !connection.state.isQuarantined,
            let request = connection.pending.popFirst()
        else { return }
        request.place = .inFlight(slot: connection.slot)
        switch request.work {
        case .statement:
            pool.sent(connection.slot, now: now)
            send(request, on: connection)
        case .script(let sql): sendPlain(request, connection) { $0.sendScript(sql) }
        case .copyIn(let sql), .copyOut(let sql): sendPlain(request, connection) { $0.send(sql.text) }
        case .release(let discards): release(request, connection, discards: discards)
        case .lease, .copyStep: preconditionFailure("not work that waits for its turn on a lease")
        }
    }

    private func release(_ request: Request, _ connection: Connection, discards: Bool) {
        if discards {
            request.succeed(.done)
            close(connection, .connection("the lease has ended"))
        } else if connection.session.isInTransaction {
            send(.rollback, "ROLLBACK", for: request, on: connection)
        } else {
            ended(request, connection)
        }
    }

    /// The lease is over; the connection is everybody's again, provided that no transaction is left open.
    func ended(_ release: Request, _ connection: Connection) {
        release.succeed(.done)
        if connection.session.isInTransaction { return lose(connection, "a transaction could not be rolled back") }
        connection.lease = nil
        for request in connection.pending { request.fail(PostgresError.connection("the transaction has ended")) }
        connection.pending = []
        pool.released(connection.slot)
    }
}
