import HTTPTypes
import PostgresTesting
import Testing

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct ChapterTests {
    @Test func `PUT makes a chapter, then replaces it under its tag`() async throws {
        try await ContentFixture.run { fixture async throws in
            let id = try await fixture.knowledge()
            let path = "/knowledge/\(id)/chapters/one"
            let made = try await fixture.teacher.put(path, #"{"title": "One", "position": 7}"#)
            #expect(made.status == .created)
            #expect(made.headers[.location] == path)
            #expect(made["knowledge_id"].int == id)
            #expect(made["chapter_id"].string == "one")
            #expect(try await fixture.teacher.put(path, #"{"title": "1"}"#).status == .preconditionRequired)
            let replaced = try await fixture.teacher.put(path, #"{"title": "1"}"#, match: made.etag)
            #expect(replaced.status == .ok)
            #expect(replaced["title"].string == "1")
            #expect(replaced["position"].int == 7)
            #expect(
                try await fixture.teacher.put(path, #"{"title": "2"}"#, match: made.etag).status == .preconditionFailed)
            let read = try await fixture.anyone.get(path)
            #expect(read.json == replaced.json)
            #expect(read.etag == replaced.etag)
        }
    }

    @Test func `Preconditions on what is not there, and on what is`() async throws {
        try await ContentFixture.run { fixture async throws in
            let path = "/knowledge/\(try await fixture.knowledge())/chapters/one"
            #expect(try await fixture.teacher.put(path, #"{"title": "1"}"#, match: "*").status == .preconditionFailed)
            let onlyNew: HTTPFields = [.ifNoneMatch: "*"]
            #expect(try await fixture.teacher.call(.put, path, #"{"title": "1"}"#, headers: onlyNew).status == .created)
            #expect(
                try await fixture.teacher.call(.put, path, #"{"title": "1"}"#, headers: onlyNew).status
                    == .preconditionFailed)
        }
    }

    @Test func `A chapter that is made again is another one than was there before`() async throws {
        try await ContentFixture.run { fixture async throws in
            let path = "/knowledge/\(try await fixture.knowledge())/chapters/one"
            let first = try await fixture.teacher.put(path, #"{"title": "First"}"#)
            #expect(try await fixture.teacher.delete(path).status == .noContent)
            let second = try await fixture.teacher.put(path, #"{"title": "Second"}"#)
            #expect(second["version"] == first["version"])
            let read = try await fixture.anyone.get(path, headers: [.ifNoneMatch: first.etag ?? ""])
            #expect(read["title"].string == "Second")
            let stale = try await fixture.teacher.put(path, #"{"title": "Third"}"#, match: first.etag)
            #expect(stale.status == .preconditionFailed)
        }
    }

    @Test func `Of writers that make the same chapter at once, one makes it`() async throws {
        try await ContentFixture.run { fixture async throws in
            let path = "/knowledge/\(try await fixture.knowledge())/chapters/one"
            let statuses = try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for number in 1...8 {
                    group.addTask { try await fixture.teacher.put(path, #"{"title": "\#(number)"}"#).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == .created }.count == 1)
            #expect(statuses.filter { $0 == .preconditionRequired }.count == 7)
        }
    }

    @Test func `Without a position a chapter goes to the end`() async throws {
        try await ContentFixture.run { fixture async throws in
            let id = try await fixture.knowledge("one", "two")
            #expect(
                try await fixture.teacher.put("/knowledge/\(id)/chapters/last", #"{"title": "x"}"#)["position"].int == 2
            )
        }
    }

    @Test func `Chapters are listed by position, then by id, a page at a time`() async throws {
        try await ContentFixture.run { fixture async throws in
            let id = try await fixture.knowledge("z", "a", "m")
            let same = #"{"title": "same place as m", "position": 2}"#
            #expect(try await fixture.teacher.put("/knowledge/\(id)/chapters/k", same).status == .created)
            let first = try await fixture.anyone.get("/knowledge/\(id)/chapters?limit=3&count=exact")
            #expect(first.items.map { $0["chapter_id"].string } == ["z", "a", "k"])
            #expect(first["total"].int == 4)
            let rest = try await fixture.anyone.get(
                "/knowledge/\(id)/chapters?cursor=\(try #require(first.cursor))")
            #expect(rest.items.map { $0["chapter_id"].string } == ["m"])
            #expect(rest.cursor == nil)
        }
    }

    @Test(arguments: ["cap%C3%ADtulo", "%E7%AC%AC%E4%B8%80%E7%AB%A0", "%D7%A4%D7%A8%D7%A7", "e%CC%81", "a%20b%3F"])
    func `An id in any script is found again, byte for byte`(id: String) async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge()
            let path = "/knowledge/\(knowledge)/chapters/\(id)"
            #expect(try await fixture.teacher.put(path, #"{"title": "x"}"#).status == .created)
            let read = try await fixture.anyone.get(path)
            #expect(read.status == .ok)
            #expect(Array((read["chapter_id"].string ?? "").utf8) == Array((id.removingPercentEncoding ?? "").utf8))
        }
    }

    @Test(arguments: [
        ("x", #"{}"#, "title"), ("x", #"{"title": "x", "position": -1}"#, "position"),
        ("x", #"{"title": "x", "position": "first"}"#, "position"),
        (String(repeating: "x", count: 51), #"{"title": "x"}"#, "chapter_id"),
        ("a%2Fb", #"{"title": "x"}"#, "chapter_id"), ("a%00b", #"{"title": "x"}"#, "chapter_id"),
    ])
    func `A faulty field is told by its name`(id: String, body: String, field: String) async throws {
        try await ContentFixture.run { fixture async throws in
            let path = "/knowledge/\(try await fixture.knowledge())/chapters/\(id)"
            let answer = try await fixture.teacher.put(path, body)
            #expect(answer.status == .unprocessableContent)
            #expect(answer.faultyFields.first == field)
        }
    }

    @Test func `Deleting a chapter deletes its content with it`() async throws {
        try await ContentFixture.run { fixture async throws in
            let id = try await fixture.knowledge("one", "two")
            let gone = try await fixture.content(id, "one")
            let kept = try await fixture.content(id, "two")
            let path = "/knowledge/\(id)/chapters/one"
            #expect(try await fixture.teacher.delete(path, match: "\"9\"").status == .preconditionFailed)
            #expect(try await fixture.teacher.delete(path).status == .noContent)
            #expect(try await fixture.teacher.delete(path).status == .notFound)
            #expect(try await fixture.teacher.get("/content/\(gone["id"].int ?? 0)").status == .notFound)
            #expect(try await fixture.teacher.get("/content/\(kept["id"].int ?? 0)").status == .ok)
        }
    }

    @Test func `A chapter of no knowledge item is not found`() async throws {
        try await ContentFixture.run { fixture async throws in
            #expect(try await fixture.teacher.put("/knowledge/77/chapters/x", #"{"title": "x"}"#).status == .notFound)
            #expect(try await fixture.teacher.delete("/knowledge/77/chapters/x").status == .notFound)
            #expect(try await fixture.anyone.get("/knowledge/77/chapters").status == .notFound)
        }
    }
}
