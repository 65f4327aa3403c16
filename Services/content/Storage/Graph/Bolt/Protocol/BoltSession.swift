import Collections

/// The client's view of one connection after the handshake: in which state the server is, what may be asked in it, and
/// which answer belongs to which request. Requests may be sent before earlier ones are answered; of several results only
/// one is open at a time. Knows no sockets.
///
/// States as in Bolt's specification, "Server state specification"; INTERRUPTED is not told from FAILED here, since the
/// client sends RESET alike in both.
struct BoltSession {
    enum State: Sendable, Equatable {
        case negotiation, authentication, ready, streaming, transaction, transactionStreaming, failed, defunct
    }

    /// What a response means for the request it belongs to.
    enum Event: Equatable {
        case record([BoltValue])
        /// The oldest request is done.
        case success(BoltMap)
        /// The oldest request has failed; those sent after it will be ignored until a reset.
        case failure(BoltServerError)
        case ignored
    }

    let version: BoltVersion
    /// After all that was answered.
    private(set) var state = State.negotiation
    /// After all that was sent, if all of it succeeds and leaves no records behind.
    private var expected = State.negotiation
    private var pending: Deque<BoltRequest> = []

    var awaitsAnswers: Bool { !pending.isEmpty }

    init(version: BoltVersion) {
        self.version = version
    }

    /// - Throws: ``BoltError/violation(_:)`` when the request has no place in the state that earlier ones lead to.
    mutating func send(_ request: BoltRequest) throws(BoltError) {
        guard let next = Self.state(after: request, in: expected, version) else {
            throw .violation("\(request.name) has no place in the state \(expected)")
        }
        expected = next
        if request != .goodbye { pending.append(request) } else { state = .defunct }
    }

    /// - Throws: ``BoltError/violation(_:)`` when nothing asked for such an answer; the connection is of no use then.
    mutating func receive(_ response: BoltResponse) throws(BoltError) -> Event {
        guard let request = pending.first else { throw .violation("an answer that nobody asked for") }
        switch response {
        case .record(let values):
            guard case .pull = request, state == .streaming || state == .transactionStreaming else {
                throw .violation("a record in answer to \(request.name)")
            }
            return .record(values)
        case .success(let metadata):
            guard let next = Self.state(after: request, in: state, version) else {
                throw .violation("\(request.name) succeeds in the state \(state)")
            }
            pending.removeFirst()
            let hasMore = request.asksForRecords && metadata["has_more"] == .bool(true)
            if !hasMore { state = next }
            if hasMore && pending.isEmpty { expected = state }
            return .success(metadata)
        case .failure(let error):
            pending.removeFirst()
            state = request == .reset || state == .negotiation || state == .authentication ? .defunct : .failed
            if !pending.contains(.reset) { expected = state }
            return .failure(error)
        case .ignored:
            guard state == .failed || pending.contains(.reset) else {
                throw .violation("\(request.name) is ignored in the state \(state)")
            }
            pending.removeFirst()
            return .ignored
        }
    }

    /// `nil` when the request is not allowed.
    private static func state(after request: BoltRequest, in state: State, _ version: BoltVersion) -> State? {
        switch (request, state) {
        case (.goodbye, _): .defunct
        case (_, .defunct): nil
        case (.hello, .negotiation): version.hasLogon ? .authentication : .ready
        case (.logon, .authentication) where version.hasLogon: .ready
        case (.run, .ready): .streaming
        case (.begin, .ready): .transaction
        case (.route, .ready): .ready
        case (.pull, .streaming), (.discard, .streaming): .ready
        case (.run, .transaction): .transactionStreaming
        case (.pull, .transactionStreaming), (.discard, .transactionStreaming): .transaction
        case (.commit, .transaction), (.rollback, .transaction): .ready
        case (.reset, .ready), (.reset, .streaming), (.reset, .transaction), (.reset, .transactionStreaming),
            (.reset, .failed):
            .ready
        default: nil
        }
    }
}

extension BoltRequest {
    fileprivate var asksForRecords: Bool {
        if case .pull = self { true } else { false }
    }

    /// As the specification has it.
    var name: String {
        switch self {
        case .hello: "HELLO"
        case .logon: "LOGON"
        case .begin: "BEGIN"
        case .commit: "COMMIT"
        case .rollback: "ROLLBACK"
        case .run: "RUN"
        case .pull: "PULL"
        case .discard: "DISCARD"
        case .route: "ROUTE"
        case .reset: "RESET"
        case .goodbye: "GOODBYE"
        }
    }
}
