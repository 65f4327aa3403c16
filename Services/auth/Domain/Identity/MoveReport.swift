import WireProtocol

/// What became of accounts that were to be moved to another system.
struct MoveReport: Sendable, Equatable {
    /// An account that is not there after all, or not whole.
    struct Trouble: Sendable, Equatable {
        let account: Identifier
        let reason: String
    }

    /// What happened to one account.
    enum Outcome: Sendable, Equatable {
        case moved
        case wasThere
        case movedWithoutPassword(reason: String)
        case notMoved(reason: String)
    }

    private(set) var moved = 0
    private(set) var wereThere = 0
    private(set) var troubles: [Trouble] = []

    mutating func add(_ account: Identifier, _ outcome: Outcome) {
        switch outcome {
        case .moved: moved += 1
        case .wasThere: wereThere += 1
        case .movedWithoutPassword(let reason):
            moved += 1
            troubles.append(Trouble(account: account, reason: reason))
        case .notMoved(let reason):
            troubles.append(Trouble(account: account, reason: reason))
        }
    }
}
