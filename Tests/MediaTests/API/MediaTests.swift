import FoundationEssentials
import HTTPTypes
import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Media

@Suite("/media and /media/{id}", .enabled(if: TestDatabase.isAvailable))
struct MediaTests {
    private struct Listing: Decodable {
        let items: [UploadedMedia]
        let next_cursor: String?
        let total: Int?
    }

    @Test("list pages that do not shift while files are added")
    func pages() async throws {
        try await withMedia { media in
            var ids: [Identifier] = []
            for number in 0..<7 { ids.insert(try await media.item("text \(number)").id, at: 0) }
            let token = try await media.token()
            var seen: [Identifier] = []
            var path = "/media?limit=3&count=exact"
            while true {
                let page = try await media.call(.get, path, token: token).decoded(Listing.self)
                seen += page.items.map(\.id)
                _ = try await media.item("added meanwhile")
                guard let cursor = page.next_cursor else { break }
                path = "/media?limit=3&cursor=\(cursor)"
            }
            #expect(seen == ids)
            let first = try await media.call(.get, "/media?limit=1&count=exact", token: token).decoded(Listing.self)
            #expect(first.total == 10)
        }
    }

    @Test("list files of the same instant once each")
    func ties() async throws {
        try await withMedia { media in
            for number in 0..<5 { _ = try await media.item("text \(number)") }
            try await media.database.query("UPDATE media SET created_at = now()")
            let token = try await media.token()
            let first = try await media.call(.get, "/media?limit=2", token: token).decoded(Listing.self)
            let cursor = try #require(first.next_cursor)
            let rest = try await media.call(.get, "/media?cursor=\(cursor)", token: token).decoded(Listing.self)
            #expect(Set((first.items + rest.items).map(\.id)).count == 5)
        }
    }

    @Test("list all for teachers, their own for students, the public ones without a token")
    func scopes() async throws {
        try await withMedia { media in
            let hidden = try await media.item("text", .private)
            let shown = try await media.item("text", .public)
            func ids(_ token: String?) async throws -> Set<Identifier> {
                Set(try await media.call(.get, "/media", token: token).decoded(Listing.self).items.map(\.id))
            }
            #expect(try await ids(media.token(.teacher, user: Identifier())) == [hidden.id, shown.id])
            #expect(try await ids(media.token(.student)) == [hidden.id, shown.id])
            #expect(try await ids(media.token(.student, user: Identifier())) == [])
            #expect(try await ids(nil) == [shown.id])
        }
    }

    @Test("list by knowledge item and type")
    func filters() async throws {
        try await withMedia { media in
            let one = try await media.item("text", .private, knowledgeID: 1)
            let captions = try await media.item("WEBVTT", .private, knowledgeID: 1)
            _ = try await media.item("text", .private, knowledgeID: 2)
            let token = try await media.token()
            func ids(_ query: String) async throws -> [Identifier] {
                try await media.call(.get, "/media?" + query, token: token).decoded(Listing.self).items.map(\.id)
            }
            #expect(try await ids("knowledge_id=1") == [captions.id, one.id])
            #expect(try await ids("knowledge_id=1&content_type=text/vtt") == [captions.id])
            #expect(try await ids("content_type=text%2Fvtt'%20OR%201=1") == [])
            let cursor = try await media.call(.get, "/media?limit=1", token: token).decoded(Listing.self).next_cursor
            let elsewhere = try await media.call(.get, "/media?knowledge_id=1&cursor=\(cursor ?? "")", token: token)
            #expect(elsewhere.status == .unprocessableContent)
        }
    }

    @Test(
        "refuse a cursor to a time that can't be kept", arguments: ["294277-01-01T00:00:00Z", "-5000-01-01T00:00:00Z"])
    func forgedCursor(_ time: String) async throws {
        try await withMedia { media in
            for (time, status) in [("2026-03-01T08:30:00Z", HTTPResponse.Status.ok), (time, .unprocessableContent)] {
                let key = #"{"createdAt":"\#(time)","id":"\#(Identifier())"}"#
                let json = #"{"list":"media \#(MediaFilter.Scope.visible(.public)) 0 ","key":\#(key)}"#
                let cursor = Data(json.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                let answer = try await media.call(.get, "/media?cursor=\(cursor)")
                #expect(answer.status == status)
            }
        }
    }

    @Test(
        "refuse parameters that are not valid",
        arguments: ["limit=0", "limit=x", "cursor=!", "knowledge_id=x", "count=all"])
    func badParameters(_ query: String) async throws {
        try await withMedia { media in
            let answer = try await media.call(.get, "/media?" + query)
            #expect(answer.status == .unprocessableContent)
        }
    }

    @Test(
        "answer 404 to ids that name nothing",
        arguments: ["nonsense", "1", "00000000-0000-0000-0000-000000000000", "'--"])
    func unknown(_ id: String) async throws {
        try await withMedia { media in
            let token = try await media.token(.admin)
            for method in [HTTPRequest.Method.get, .delete] {
                #expect(try await media.call(method, "/media/\(id)", token: token).status == .notFound)
            }
            #expect(try await media.call(.get, "/media/\(id)/content").status == .notFound)
            #expect(try await media.call(.patch, "/media/\(id)", token: token, json: "{}").status == .notFound)
        }
    }

    @Test("change only what a PATCH names, for who read the current state")
    func patch() async throws {
        try await withMedia { media in
            let item = try await media.item("text", .private, knowledgeID: 3)
            let token = try await media.token()
            func patch(_ json: String, _ etag: String? = "\"1\"") async throws -> (HTTPResponse.Status, UploadedMedia?)
            {
                let headers: HTTPFields = etag.map { [.ifMatch: $0] } ?? [:]
                let answer = try await media.call(.patch, item.path, token: token, json: json, headers: headers)
                return (answer.status, answer.status == .ok ? try answer.decoded(UploadedMedia.self) : nil)
            }
            #expect(try await patch("{}", nil).0 == .preconditionRequired)
            #expect(try await patch(#"{"visibility":"secret"}"#).0 == .unprocessableContent)
            #expect(try await patch(#"{"visibility":null}"#).0 == .unprocessableContent)
            #expect(try await patch(#"{"filename":""}"#).0 == .unprocessableContent)
            #expect(try await patch(#"{"filename":7}"#).0 == .unprocessableContent)
            #expect(try await patch("{").0 == .badRequest)
            let (status, changed) = try await patch(
                #"{"filename":"../b.txt","visibility":"public","chapter_id":"one"}"#)
            #expect(status == .ok && changed?.filename == "b.txt" && changed?.visibility == "public")
            #expect(changed?.knowledge_id == 3 && changed?.chapter_id == "one" && changed?.sha256 == item.sha256)
            #expect(try await patch("{}").0 == .preconditionFailed)
            let cleared = try await patch(#"{"knowledge_id":null,"chapter_id":null}"#, "\"2\"").1
            #expect(cleared?.knowledge_id == nil && cleared?.filename == "b.txt")
            let unchanged = try await media.call(.get, item.path, headers: [.ifNoneMatch: "\"3\""])
            #expect(unchanged.status == .notModified)
        }
    }

    @Test("let one of two win that change the same state at once")
    func race() async throws {
        try await withMedia { media in
            let item = try await media.item()
            let token = try await media.token()
            async let one = media.call(
                .patch, item.path, token: token, json: #"{"filename":"1"}"#, headers: [.ifMatch: "\"1\""])
            async let other = media.call(
                .patch, item.path, token: token, json: #"{"filename":"2"}"#, headers: [.ifMatch: "\"1\""])
            let statuses = try await [one.status, other.status]
            #expect(statuses.contains(.ok) && statuses.contains(.preconditionFailed))
        }
    }

    @Test("are gone at once when deleted, but keep the bytes for maintenance")
    func deletion() async throws {
        try await withMedia { media in
            let item = try await media.item("text", .public)
            let token = try await media.token()
            let stale = try await media.call(.delete, item.path, token: token, headers: [.ifMatch: "\"9\""])
            #expect(stale.status == .preconditionFailed)
            #expect(try await media.call(.delete, item.path, token: token).status == .noContent)
            #expect(try await media.call(.delete, item.path, token: token).status == .notFound)
            #expect(try await media.call(.get, item.path, token: token).status == .notFound)
            #expect(try await media.call(.get, item.path + "/content").status == .notFound)
            #expect(try await media.call(.get, "/media", token: token).decoded(Listing.self).items.isEmpty)
            #expect(try media.storedFiles().count == 1)
        }
    }
}
