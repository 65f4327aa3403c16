/// A connection that one task has to itself, from the task's side.
struct Lease: Sendable {
    let engine: Engine
    let id: LeaseID

    @discardableResult
    func query(
        _ sql: SQL, _ parameters: [any PostgresEncodable] = [], timeout: Duration? = nil, isCancellable: Bool = true
    ) async throws -> PostgresRows {
        let work = Request.Work.statement(sql, try EncodedParameters(parameters))
        let reply = try await engine.perform(work, on: id, timeout: timeout, isCancellable: isCancellable)
        guard case .rows(let result) = reply else { preconditionFailure("a statement is answered by rows") }
        return PostgresRows(result)
    }

    /// Many statements in one text.
    func run(script: String, timeout: Duration) async throws {
        _ = try await engine.perform(.script(script), on: id, timeout: timeout)
    }

    func copyIn<Source: AsyncSequence & Sendable>(_ sql: SQL, from source: Source) async throws -> Int
    where Source.Element == [UInt8] {
        _ = try await engine.perform(.copyIn(sql), on: id)
        do {
            for try await chunk in source where !chunk.isEmpty {
                _ = try await engine.perform(.copyStep(.write(chunk)), on: id)
            }
            // A source may end early because the task is cancelled; what it gave until then is not all.
            try Task.checkCancellation()
            guard case .rows(let result) = try await engine.perform(.copyStep(.end), on: id) else {
                preconditionFailure("the end of COPY is answered by a result")
            }
            return result.affectedRows
        } catch {
            abandonCopy()
            throw error
        }
    }

    func beginCopyOut(_ sql: SQL) async throws {
        _ = try await engine.perform(.copyOut(sql), on: id)
    }

    /// The next rows of a COPY that has begun; `nil` when it is complete.
    func readCopy() async throws -> [UInt8]? {
        guard case .chunk(let chunk) = try await engine.perform(.copyStep(.read), on: id) else { return nil }
        return chunk
    }

    /// Ends a COPY that is under way, without waiting for it.
    func abandonCopy() {
        _ = engine.mailbox.post(.abandonCopy(id))
    }

    /// Gives the connection back, after a rollback if a transaction is open. Waits for it, unless the task is cancelled.
    func release(discards: Bool = false) async {
        if Task.isCancelled { return releaseLater(discards: discards) }
        do {
            _ = try await engine.perform(.release(discards: discards), on: id, isCancellable: false)
        } catch {
            engine.logger.debug("the engine stopped before a lease ended", metadata: ["error": "\(error)"])
        }
    }

    func releaseLater(discards: Bool = false) {
        let deadline = MonotonicTime.now.advanced(by: engine.options.statementTimeout)
        _ = engine.mailbox.post(.submit(Request(.release(discards: discards), lease: id, deadline: deadline)))
    }
}
