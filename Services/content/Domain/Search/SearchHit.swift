/// A content item that a search has found.
struct SearchHit: Sendable {
    let item: ContentItem
    /// Why, and how well: the place in the order of what was found.
    let key: Key
    let highlight: Highlight

    /// How an item came to be found.
    enum Match: String, Sendable, Codable {
        /// It has the words, as its language inflects them.
        case words
        /// Its title has words that are spelt alike; such items are found only where no item has the words.
        case similar
    }

    /// The best first, then by id.
    struct Key: Sendable, Codable {
        let match: Match
        let rank: Float
        let id: Int
    }
}

/// Where in an item the words are: HTML that has `<mark>` around them, and no other element.
struct Highlight: Sendable, Equatable {
    /// The whole of it.
    let title: String
    /// The parts around what was found, else the beginning.
    let body: String
}

/// The hits of a page, and one more when there are more.
struct SearchSlice: Sendable {
    let hits: [SearchHit]
    /// Whether ``ContentSlice/maximumBytes`` ended the page; the last hit belongs to the next one then.
    let isCut: Bool
}
