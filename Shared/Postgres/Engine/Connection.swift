import Collections

/// What the engine keeps for one slot of the pool: the session, its state, and who has leased it. Engine's thread only.
final class Connection {
    let slot: Int
    /// Tells it from others that had the same slot.
    let serial: Int
    let session: Session
    var state: ConnectionState<Request>
    /// What the server has answered to the operation at the head so far.
    var answer: Result<PostgresResult, PostgresServerError>?
    var lease: LeaseID?
    /// What the holder of the lease wants done, one after the other.
    var pending: Deque<Request> = []
    var copy: Copy?
    /// What epoll is told to watch.
    var reads = true
    var writes = false
    /// Since the last flush.
    var hasUnflushed = false

    init(slot: Int, serial: Int, session: Session, statementCapacity: Int) {
        self.slot = slot
        self.serial = serial
        self.session = session
        state = ConnectionState(statementCapacity: statementCapacity)
    }

    /// A COPY that the server has agreed to.
    struct Copy {
        enum Phase { case writing, reading, ending, discarding }

        var phase: Phase
        /// The holder's step that is not done yet.
        var step: Request?
        /// Whether libpq has taken the chunk that is being written.
        var isTaken = false
    }

    /// Keeps an error over a result, and the first error over later ones.
    func keep(_ outcome: Result<PostgresResult, PostgresServerError>) {
        if case .failure = answer { return }
        answer = outcome
    }

    func takeAnswer() -> Result<PostgresResult, PostgresServerError>? {
        defer { answer = nil }
        return answer
    }
}
