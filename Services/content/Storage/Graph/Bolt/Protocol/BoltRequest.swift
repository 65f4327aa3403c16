import NIOCore

/// What a client can ask of a server.
enum BoltRequest: Sendable, Equatable {
    case hello(BoltMap)
    case logon(BoltMap)
    case begin(BoltMap)
    case commit
    case rollback
    case run(String, BoltMap, BoltMap)
    /// The next so many records of the open result.
    case pull(Int)
    /// Throws away what is left of the open result.
    case discard
    case route(context: BoltMap, bookmarks: [String], extra: BoltMap)
    /// Whatever state the server is in: ends what is open, and forgets the failure.
    case reset
    case goodbye

    var tag: UInt8 {
        switch self {
        case .hello: 0x01
        case .goodbye: 0x02
        case .reset: 0x0F
        case .run: 0x10
        case .begin: 0x11
        case .commit: 0x12
        case .rollback: 0x13
        case .discard: 0x2F
        case .pull: 0x3F
        case .route: 0x66
        case .logon: 0x6A
        }
    }

    var fields: [BoltValue] {
        switch self {
        case .hello(let extra), .logon(let extra), .begin(let extra): [.map(extra)]
        case .commit, .rollback, .reset, .goodbye: []
        case .run(let query, let parameters, let extra): [.string(query), .map(parameters), .map(extra)]
        case .pull(let count): [.map(["n": .integer(Int64(count))])]
        case .discard: [.map(["n": -1])]
        case .route(let context, let bookmarks, let extra):
            [.map(context), .list(bookmarks.map(BoltValue.string)), .map(extra)]
        }
    }

    func encoded() throws(PackStreamError) -> ByteBuffer {
        var encoder = PackStreamEncoder()
        try encoder.encode(tag: tag, fields)
        return encoder.buffer
    }
}
