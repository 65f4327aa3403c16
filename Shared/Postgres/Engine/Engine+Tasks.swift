/// The side of the engine that tasks call, from any thread.
extension Engine {
    /// Has the engine do `work`, and waits for it.
    /// - Throws: `PostgresError`; `CancellationError` as soon as the task is cancelled, unless `isCancellable` is false.
    func perform(
        _ work: Request.Work, on lease: LeaseID? = nil, timeout: Duration? = nil, isCancellable: Bool = true
    ) async throws -> Request.Reply {
        start()
        let deadline = MonotonicTime.now.advanced(by: timeout ?? options.statementTimeout)
        let request = Request(work, lease: lease, deadline: deadline)
        guard isCancellable else { return try await post(request) }
        return try await withTaskCancellationHandler {
            try await post(request)
        } onCancel: {
            _ = mailbox.post(.cancel(request))
        }
    }

    private func post(_ request: Request) async throws -> Request.Reply {
        try await withUnsafeThrowingContinuation { continuation in
            request.continuation = continuation
            if !mailbox.post(.submit(request)) { continuation.resume(throwing: PostgresError.closed) }
        }
    }

    /// Lets `body` have a connection to itself. A transaction that it leaves open is rolled back.
    /// - Parameter discards: whether the connection is closed afterwards, with all that was set on it.
    nonisolated(nonsending) func withLease<Value>(
        discards: Bool = false, _ body: (Lease) async throws -> Value
    ) async throws -> Value {
        guard case .lease(let id) = try await perform(.lease) else { preconditionFailure("a lease is answered by one") }
        let lease = Lease(engine: self, id: id)
        do {
            let value = try await body(lease)
            await lease.release(discards: discards)
            return value
        } catch {
            await lease.release(discards: discards)
            throw error
        }
    }

    /// - Parameter isGraceful: whether what waits and runs is finished first.
    func stop(isGraceful: Bool) async {
        start()
        await withCheckedContinuation { continuation in
            let stop = Stop(isGraceful: isGraceful, continuation: continuation)
            if !mailbox.post(.stop(stop)) { continuation.resume() }
        }
    }
}
