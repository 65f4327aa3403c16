import Hummingbird
import Testing
import WireProtocol

@testable import ServiceKit

@Suite("A page of a list")
struct PageTests {
    private func page(_ query: String, list: String = "numbers") throws -> PageRequest<Int> {
        var reader = QueryReader(
            Request(
                head: .init(method: .get, scheme: nil, authority: nil, path: "/n?" + query),
                body: .init(buffer: .init())))
        let page = reader.page(of: list, by: Int.self)
        try reader.finish()
        return page
    }

    @Test("leads to the next until there is none")
    func walk() throws {
        let all = Array(1...45)
        var seen: [Int] = []
        var query = ""
        repeat {
            let request = try page(query)
            let rest = all.filter { $0 > request.after ?? 0 }.prefix(request.limit + 1)
            let answer = try Page(Array(rest), for: request, list: "numbers") { $0 }
            seen += answer.items
            query = answer.nextCursor.map { "cursor=\($0)" } ?? ""
        } while !query.isEmpty
        #expect(seen == all)
    }

    @Test("has 20 items, or up to 100")
    func limits() throws {
        #expect(try page("").limit == 20)
        #expect(try page("limit=100").limit == 100)
        for query in ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=", "count=some"] {
            #expect(throws: HTTPProblem.self, "\(query)") { try page(query) }
        }
        #expect(try page("count=exact").countsExactly)
    }

    @Test("refuses a cursor that is none of this list's")
    func foreignCursor() throws {
        let foreign = try Cursor.encode(3, list: "letters")
        let wrongKey = try Cursor.encode("three", list: "numbers")
        for cursor in [foreign, wrongKey, "x", "e30", "%00", "'; DROP TABLE x"] {
            #expect(throws: HTTPProblem.self, "\(cursor)") { try page("cursor=" + cursor) }
        }
    }

    @Test("is not confused by a mutated cursor")
    func mutations() throws {
        let cursor = Array(try Cursor.encode(1_234_567, list: "numbers").utf8)
        for index in cursor.indices {
            for byte in UInt8(33)...126 {
                var mutated = cursor
                mutated[index] = byte
                _ = Cursor.decode(Int.self, String(decoding: mutated, as: UTF8.self), list: "numbers")
            }
        }
    }
}

@Suite("A change of a field")
struct FieldChangeTests {
    private struct Patch: Decodable {
        var name: FieldChange<String>
    }

    private func change(_ json: String) throws -> FieldChange<String> {
        try WireJSON.decode(Patch.self, from: .init(json.utf8)).name
    }

    @Test("tells absent from null from a value")
    func cases() throws {
        #expect(try change("{}") == .keep)
        #expect(try change(#"{"name":null}"#) == .clear)
        #expect(try change(#"{"name":"a"}"#) == .set("a"))
        #expect(throws: DecodingError.self) { try change(#"{"name":1}"#) }
    }
}
