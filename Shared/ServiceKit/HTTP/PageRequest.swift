public import WireProtocol

/// Which part of a list is asked for: `?limit=`, `?cursor=`, `?count=exact`.
public struct PageRequest<Key: Codable & Sendable>: Sendable {
    public static var maximumLimit: Int { 100 }

    /// 1 to 100; 20 when not given.
    public let limit: Int
    /// The sort key of the last item of the page before.
    public let after: Key?
    public let countsExactly: Bool

    public init(limit: Int = 20, after: Key? = nil, countsExactly: Bool = false) {
        self.limit = limit
        self.after = after
        self.countsExactly = countsExactly
    }
}

extension QueryReader {
    private enum Count: String, CaseIterable { case exact }

    /// - Parameter list: names the list, and its filters and order when they change what a key means; a cursor of
    ///   another list is refused.
    public mutating func page<Key: Codable & Sendable>(of list: String, by key: Key.Type = Key.self)
        -> PageRequest<Key>
    {
        let limit = integer("limit", in: 1...PageRequest<Key>.maximumLimit)
        let count: Count? = choice("count")
        var after: Key?
        if let text = string("cursor", in: 0...2_000) {
            after = Cursor.decode(key, text, list: list)
            if after == nil { note("cursor", "must be a next_cursor of this same list") }
        }
        return PageRequest(limit: limit ?? 20, after: after, countsExactly: count == .exact)
    }
}

extension Page {
    /// From at most `limit + 1` items: whether there is a next page shows by the one too many.
    public init<Key: Codable & Sendable>(
        _ items: [Item], for request: PageRequest<Key>, list: String, total: Int? = nil, key: (Item) -> Key
    ) throws {
        let page = items.prefix(request.limit)
        let hasMore = items.count > request.limit
        let next = try hasMore ? page.last.map { try Cursor.encode(key($0), list: list) } : nil
        self.init(items: Array(page), nextCursor: next, total: total)
    }
}
