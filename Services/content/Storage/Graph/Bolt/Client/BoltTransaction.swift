import Synchronization

/// A transaction that is open: statements run in it, one after the other. Of no use outside of ``BoltClient``'s methods.
final class BoltTransaction: Sendable {
    private struct State {
        var hasBegun = false
        /// Counts the statements, so that an older one's records are told from the last one's.
        var statement = 0
        /// Whether the server holds records of the last statement.
        var hasOpenResult = false
        /// What a failure leaves open only a reset can end.
        var hasFailed = false
    }

    private let connection: BoltConnection
    private let begin: BoltRequest
    private let fetchSize: Int
    private let state = Mutex(State())

    init(_ connection: BoltConnection, begin: BoltMap, fetchSize: Int) {
        self.connection = connection
        self.begin = .begin(begin)
        self.fetchSize = fetchSize
    }

    /// Runs a statement. Its records come in batches: the next is asked for when the one before is used up. What is left
    /// of an earlier statement's records is thrown away.
    func stream(_ cypher: String, _ parameters: BoltMap = [:]) async throws -> BoltRecords {
        let (opening, number) = state.withLock { state in
            var requests = state.hasBegun ? [] : [begin]
            if state.hasOpenResult { requests.append(.discard) }
            state.hasBegun = true
            state.statement += 1
            state.hasOpenResult = true
            return (requests, state.statement)
        }
        let answers = try await exchange(opening + [.run(cypher, parameters, [:]), .pull(fetchSize)])
        guard let batch = answers.last, case .list(let names)? = answers.dropLast().last?.metadata["fields"] else {
            throw BoltError.violation("RUN was answered without fields")
        }
        let columns = names.compactMap { if case .string(let name) = $0 { name } else { nil } }
        guard columns.count == names.count else { throw BoltError.violation("a field's name is no text") }
        note(batch, of: number)
        return BoltRecords(columns: columns, first: batch, statement: number, transaction: self)
    }

    /// Runs a statement and gathers all of its records.
    @discardableResult
    func run(_ cypher: String, _ parameters: BoltMap = [:]) async throws -> [BoltRecord] {
        var records: [BoltRecord] = []
        for try await record in try await stream(cypher, parameters) { records.append(record) }
        return records
    }

    /// The next batch of a statement's records.
    func pull(_ statement: Int) async throws -> BoltAnswer {
        guard state.withLock({ $0.statement == statement && $0.hasOpenResult }) else {
            throw BoltError.unexpected("the result was closed by a later statement")
        }
        let answers = try await exchange([.pull(fetchSize)])
        let batch = answers.first ?? BoltAnswer()
        note(batch, of: statement)
        return batch
    }

    private func note(_ batch: BoltAnswer, of statement: Int) {
        state.withLock { if $0.statement == statement { $0.hasOpenResult = batch.hasMore } }
    }

    /// - Returns: the bookmark that the server gave, if any.
    func commit() async throws -> String? {
        let (hasBegun, hasOpenResult) = state.withLock { ($0.hasBegun, $0.hasOpenResult) }
        guard hasBegun else { return nil }
        let answers: [BoltAnswer]
        do {
            answers = try await exchange(hasOpenResult ? [.discard, .commit] : [.commit])
        } catch BoltError.connection(let reason) {
            throw BoltError.commitUnknown(reason)
        }
        guard case .string(let bookmark)? = answers.last?.metadata["bookmark"] else { return nil }
        return bookmark
    }

    /// - Returns: whether the server is as it was before; if not, the connection must be reset.
    func rollBack() async throws -> Bool {
        let state = state.withLock { $0 }
        if state.hasFailed { return false }
        if state.hasBegun { _ = try await exchange(state.hasOpenResult ? [.discard, .rollback] : [.rollback]) }
        return true
    }

    private func exchange(_ requests: [BoltRequest]) async throws -> [BoltAnswer] {
        do {
            return try await connection.exchange(requests)
        } catch {
            state.withLock { $0.hasFailed = true }
            throw error
        }
    }
}
