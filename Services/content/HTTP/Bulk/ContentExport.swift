import Hummingbird
import ServiceKit

/// Writes content items as NDJSON, in memory bounded by what ``ContentSlice`` holds, however many and long they are.
struct ContentExport: Sendable {
    /// Items that are read together, unless their texts are so long that ``ContentSlice`` has fewer.
    static let pageLimit = 500
    /// Bytes that are written together, and the one line that goes beyond.
    static let chunk = 64 << 10

    private let store: ContentStore
    private let filter: ContentFilter
    private let first: ContentSlice

    /// The first page is read before anything is written, so that a database that is away gets its 503.
    init(of filter: ContentFilter, from store: ContentStore) async throws {
        self.store = store
        self.filter = filter
        first = try await store.list(filter, PageRequest(limit: Self.pageLimit))
    }

    func write(to writer: inout any ResponseBodyWriter) async throws {
        var slice = first
        while true {
            let page = slice.page(limit: Self.pageLimit)
            var lines = JSONWriter(capacity: Self.chunk)
            for item in page.items {
                lines.line(item.fields)
                guard lines.count >= Self.chunk else { continue }
                try await writer.write(lines.buffer)
                lines = JSONWriter(capacity: Self.chunk)
            }
            if lines.count > 0 { try await writer.write(lines.buffer) }
            guard page.hasMore, let last = page.items.last else { return }
            slice = try await store.list(filter, PageRequest(limit: Self.pageLimit, after: last.id))
        }
    }
}
