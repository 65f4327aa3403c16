public import FoundationEssentials

/// Something that happened in one service and that others should know of. Delivered at least once, in order per
/// aggregate, with `POST /internal/events`; the receiver keeps `id` and counts each event once.
public struct Event: Sendable, Equatable, Codable {
    public var id: Identifier
    public var occurredAt: Date
    public var payload: EventPayload

    public init(id: Identifier = Identifier(), occurredAt: Date = Date(), _ payload: EventPayload) {
        self.id = id
        self.occurredAt = occurredAt
        self.payload = payload
    }

    enum CodingKeys: String, CodingKey {
        case id, type, data
        case occurredAt = "occurred_at"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(Identifier.self, forKey: .id)
        occurredAt = try container.decode(Date.self, forKey: .occurredAt)
        let type = try container.decode(String.self, forKey: .type)
        payload = try EventPayload(type: type, from: container.superDecoder(forKey: .data))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(occurredAt, forKey: .occurredAt)
        try container.encode(payload.type, forKey: .type)
        try payload.encodeData(to: container.superEncoder(forKey: .data))
    }
}

/// The body of `POST /internal/events`: at most ``EventBatch/limit`` events, oldest first.
public struct EventBatch: Sendable, Equatable, Codable {
    public static let limit = 1_000

    public var events: [Event]

    public init(events: [Event]) {
        self.events = events
    }
}

/// The answer to an ``EventBatch``, or to a batch of learning events: how many were new, how many known already.
public struct EventReceipt: Sendable, Equatable, Codable {
    public var accepted: Int
    public var duplicates: Int

    public init(accepted: Int, duplicates: Int) {
        self.accepted = accepted
        self.duplicates = duplicates
    }
}
