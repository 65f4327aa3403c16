/// Something that a task waits for the engine to do.
///
/// `@unchecked Sendable` is safe: the task that makes it writes `continuation` before it posts it, and from then on only
/// the engine's thread touches what changes.
final class Request: @unchecked Sendable {
    enum Work {
        /// On the lease that the request names, or on any connection.
        case statement(SQL, EncodedParameters)
        case lease
        // The rest is for leases only.
        /// Many statements in one text, by the simple protocol.
        case script(String)
        case release(discards: Bool)
        case copyIn(SQL)
        case copyOut(SQL)
        case copyStep(CopyStep)
    }

    enum CopyStep {
        case write([UInt8])
        case end
        case read
    }

    enum Reply {
        case rows(PostgresResult)
        case lease(LeaseID)
        case chunk([UInt8])
        case done
    }

    /// Where the engine has put it, so that it is found when it is cancelled.
    enum Place {
        case underWay
        /// Before it came.
        case cancelled
        case queued
        case pending(slot: Int)
        case inFlight(slot: Int)
        case copying(slot: Int)
        case settled
    }

    let work: Work
    let lease: LeaseID?
    let deadline: MonotonicTime
    var continuation: UnsafeContinuation<Reply, any Error>?
    var place = Place.underWay

    init(_ work: Work, lease: LeaseID? = nil, deadline: MonotonicTime) {
        self.work = work
        self.lease = lease
        self.deadline = deadline
    }

    func succeed(_ reply: Reply) {
        settle { $0.resume(returning: reply) }
    }

    func fail(_ error: any Error) {
        settle { $0.resume(throwing: error) }
    }

    private func settle(_ resume: (UnsafeContinuation<Reply, any Error>) -> Void) {
        place = .settled
        guard let continuation else { return }
        self.continuation = nil
        resume(continuation)
    }
}

/// One lease of one connection. The same slot gets another serial with every lease.
struct LeaseID: Sendable, Hashable {
    let slot: Int
    let serial: Int
}
