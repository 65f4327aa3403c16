import Collections

/// What one connection has been sent and not yet answered, in order; decides what each answer means, and when a cancel
/// request may be sent. Answers come in the order of the statements, each closed by the answer to its sync.
struct ConnectionState<Request> {
    enum Kind: Equatable {
        case statement(sql: String, name: String)
        /// DEALLOCATE, which nobody waits for.
        case housekeeping
        /// The ROLLBACK that ends a lease. Never cancelled.
        case rollback
        /// Outside of pipeline mode: a script or COPY.
        case plain
    }

    struct Operation {
        let kind: Kind
        /// Nobody waits any more; what the server answers is dropped.
        var request: Request?
        /// The answer to the preparation comes first.
        var awaitsPreparation = false
        /// Failed since the prepared statement is gone or outdated, so nothing of it took effect.
        var isStale = false
        var isRetry = false

        var isAbandoned: Bool { request == nil }
    }

    enum Answer {
        case result
        case failure(PostgresSQLState, routine: String?)
        /// Skipped, as something before it, up to the same sync, failed.
        case skipped
        case sync(inTransaction: Bool)
    }

    enum Effect {
        /// The answer belongs to the head and decides it, unless one did before.
        case keep
        case drop
        case finish(Operation)
        /// To be sent again, and prepared anew.
        case retry(Operation)
        /// Not what a server in step would answer.
        case outOfStep
    }

    private(set) var operations: Deque<Operation> = []
    var statements: StatementCache
    private(set) var cancellation = Cancellation()

    init(statementCapacity: Int) {
        statements = StatementCache(capacity: statementCapacity)
    }

    var isIdle: Bool { operations.isEmpty }

    // MARK: Sending

    /// - Returns: under which name to execute, and whether to prepare it first.
    mutating func sendStatement(_ request: Request, sql: String, isRetry: Bool = false) -> StatementCache.Entry {
        let entry = statements.use(sql)
        operations.append(
            Operation(
                kind: .statement(sql: sql, name: entry.name), request: request, awaitsPreparation: entry.isNew,
                isRetry: isRetry))
        return entry
    }

    mutating func send(_ kind: Kind, for request: Request?) {
        operations.append(Operation(kind: kind, request: request))
    }

    // MARK: Receiving

    mutating func received(_ answer: Answer) -> Effect {
        guard !operations.isEmpty else { return .outOfStep }
        switch answer {
        case .result:
            if operations[0].awaitsPreparation {
                operations[0].awaitsPreparation = false
                return .drop
            }
            return .keep
        case .failure(let state, let routine):
            failed(state, routine: routine)
            return .keep
        case .skipped:
            return .drop
        case .sync(let inTransaction):
            let operation = operations.removeFirst()
            cancellation.headAnswered()
            let retries = operation.isStale && !operation.isRetry && !operation.isAbandoned && !inTransaction
            return retries ? .retry(operation) : .finish(operation)
        }
    }

    /// The head, which ran outside of pipeline mode, is done.
    mutating func finishPlain() -> Operation? {
        cancellation.headAnswered()
        return operations.popFirst()
    }

    private mutating func failed(_ state: PostgresSQLState, routine: String?) {
        guard case .statement(let sql, let name) = operations[0].kind else { return }
        if operations[0].awaitsPreparation {
            statements.forget(sql, name: name, existsAtServer: false)
        } else if state == .invalidSQLStatementName {
            statements.forget(sql, name: name, existsAtServer: false)
            operations[0].isStale = true
        } else if state == .featureNotSupported, routine == "RevalidateCachedQuery" {
            // "cached plan must not change result type"
            statements.forget(sql, name: name, existsAtServer: true)
            operations[0].isStale = true
        } else if state.rawValue.hasPrefix("42") {
            // A table may have changed in a way that only a new preparation takes in.
            statements.forget(sql, name: name, existsAtServer: true)
        }
    }

    // MARK: Abandoning

    mutating func abandon(where matches: (Request) -> Bool) {
        for index in operations.indices {
            if let request = operations[index].request, matches(request) { operations[index].request = nil }
        }
    }

    /// Only abandoned statements are left, so whatever a cancel request hits is nobody's.
    private var isOnlyAbandoned: Bool {
        guard operations.allSatisfy(\.isAbandoned) else { return false }
        return operations.contains { $0.kind != .housekeeping }
    }

    /// Nothing may be sent: what comes next could be hit by a cancel request that is on its way.
    var isQuarantined: Bool { cancellation.isOnItsWay || isOnlyAbandoned }

    /// What to do about abandoned statements now. To be asked after every change and when `cancellation.nextStep` is due.
    mutating func settle(now: MonotonicTime) -> Cancellation.Step {
        cancellation.settle(wanted: isOnlyAbandoned, now: now)
    }

    mutating func cancelReturned(succeeded: Bool, now: MonotonicTime) {
        cancellation.returned(succeeded: succeeded, now: now)
    }
}
