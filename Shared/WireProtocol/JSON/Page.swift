/// One page of a list: `{"items": [...], "next_cursor": "..."|null}`, with `total` when it was asked for.
public struct Page<Item> {
    public var items: [Item]
    /// Opaque; `null` on the last page.
    @ExplicitNull public var nextCursor: String?
    /// How many items match in all, given `?count=exact`.
    public var total: Int?

    public init(items: [Item], nextCursor: String? = nil, total: Int? = nil) {
        self.items = items
        self.nextCursor = nextCursor
        self.total = total
    }

    /// The same page of something else.
    public func map<Other>(_ transform: (Item) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(items: try items.map(transform), nextCursor: nextCursor, total: total)
    }

    enum CodingKeys: String, CodingKey {
        case items, total
        case nextCursor = "next_cursor"
    }
}

extension Page: Sendable where Item: Sendable {}
extension Page: Equatable where Item: Equatable {}
extension Page: Encodable where Item: Encodable {}
extension Page: Decodable where Item: Decodable {}
