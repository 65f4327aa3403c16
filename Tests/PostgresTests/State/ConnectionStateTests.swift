import Testing

@testable import Postgres

struct ConnectionStateTests {
    private typealias State = ConnectionState<Int>
    private var state = State(statementCapacity: 8)

    @Test mutating func `answers belong to the statements in order`() {
        _ = state.sendStatement(1, sql: "a")
        _ = state.sendStatement(2, sql: "a")
        #expect(state.received(.result).name == "drop")  // prepared
        #expect(state.received(.result).name == "keep")
        #expect(state.received(.sync(inTransaction: false)).name == "finish 1")
        #expect(state.received(.result).name == "keep")
        #expect(state.received(.sync(inTransaction: false)).name == "finish 2")
        #expect(state.isIdle)
    }

    @Test mutating func `an error may come at the sync, as deferred constraints do`() {
        _ = state.sendStatement(1, sql: "a")
        _ = state.received(.result)
        _ = state.received(.result)
        #expect(state.received(.failure(.foreignKeyViolation, routine: nil)).name == "keep")
        #expect(state.received(.sync(inTransaction: false)).name == "finish 1")
    }

    @Test mutating func `a statement whose preparation failed is prepared again next time`() {
        _ = state.sendStatement(1, sql: "SELEC 1")
        _ = state.received(.failure(.syntaxError, routine: nil))
        _ = state.received(.skipped)
        #expect(state.received(.sync(inTransaction: false)).name == "finish 1")
        #expect(state.sendStatement(2, sql: "SELEC 1").isNew == true)
    }

    @Test(arguments: [
        (PostgresSQLState.invalidSQLStatementName, nil as String?),
        (.featureNotSupported, "RevalidateCachedQuery"),
    ])
    func `an outdated statement is sent again, once, and prepared anew`(state code: PostgresSQLState, routine: String?)
    {
        var state = preparedState()
        _ = state.sendStatement(1, sql: "a")
        _ = state.received(.failure(code, routine: routine))
        #expect(state.received(.sync(inTransaction: false)).name == "retry 1")

        #expect(state.sendStatement(1, sql: "a", isRetry: true).isNew == true)
        _ = state.received(.result)
        _ = state.received(.failure(code, routine: routine))
        #expect(state.received(.sync(inTransaction: false)).name == "finish 1")
    }

    @Test func `in a transaction nothing is sent again`() {
        var state = preparedState()
        _ = state.sendStatement(1, sql: "a")
        _ = state.received(.failure(.invalidSQLStatementName, routine: nil))
        #expect(state.received(.sync(inTransaction: true)).name == "finish 1")
    }

    @Test func `a feature that is not supported is no reason to try again`() {
        var state = preparedState()
        _ = state.sendStatement(1, sql: "a")
        _ = state.received(.failure(.featureNotSupported, routine: "transformSelectStmt"))
        #expect(state.received(.sync(inTransaction: false)).name == "finish 1")
    }

    @Test mutating func `an answer that nothing was sent for is out of step`() {
        #expect(state.received(.result).name == "out of step")
    }

    private func preparedState() -> State {
        var state = State(statementCapacity: 8)
        _ = state.sendStatement(0, sql: "a")
        _ = state.received(.result)
        _ = state.received(.result)
        _ = state.received(.sync(inTransaction: false))
        return state
    }
}

extension ConnectionState.Effect {
    fileprivate var name: String {
        switch self {
        case .keep: "keep"
        case .drop: "drop"
        case .outOfStep: "out of step"
        case .finish(let operation): "finish \(operation.request.map { "\($0)" } ?? "-")"
        case .retry(let operation): "retry \(operation.request.map { "\($0)" } ?? "-")"
        }
    }
}
