import NIOCore

/// What a server answers.
enum BoltResponse: Sendable, Equatable {
    case success(BoltMap)
    case record([BoltValue])
    case failure(BoltServerError)
    /// An earlier request failed; this one was not looked at.
    case ignored

    /// - Throws: `PackStreamError`; ``BoltError/violation(_:)`` for what is no response.
    init(_ message: ByteBuffer) throws {
        var decoder = PackStreamDecoder(message)
        let (tag, fields) = try decoder.message()
        switch (tag, fields.count, fields.first) {
        case (0x70, 1, .map(let metadata)): self = .success(metadata)
        case (0x71, 1, .list(let values)): self = .record(values)
        case (0x7E, 0, nil): self = .ignored
        case (0x7F, 1, .map(let metadata)): self = .failure(BoltServerError(metadata))
        default: throw BoltError.violation("a message \(tag) with \(fields.count) fields is no response")
        }
    }
}
