import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite("Concepts", .enabled(if: TestDatabase.isAvailable))
struct GraphConceptTests {
    let path = "/graph/concepts/equal-fractions"

    @Test("a concept is made, read by anyone, replaced and deleted", arguments: GraphBackend.available)
    func life(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            let body = #"{"title": "Équal", "summary": "½ = 2⁄4", "metadata": {"level": [1, 2.5, null, {"a": "b"}]}}"#
            let made = try await fixture.teacher.call(.put, path, body)
            #expect(made.status == .created)
            #expect(made.headers[.location] == path)
            let read = try await fixture.anyone.get(path)
            #expect(read.body == made.body)
            #expect(read["slug"] == "equal-fractions" && read["title"] == "Équal" && read["summary"] == "½ = 2⁄4")
            #expect(read["metadata", "level"] == [1, .number(2.5), .null, .object(["a": "b"])])
            #expect(read["version"] == 1)
            let etag = try #require(read.headers[.eTag])
            #expect(try await fixture.anyone.get(path, headers: [.ifNoneMatch: etag]).status == .notModified)

            let replaced = try await fixture.teacher.call(.put, path, #"{"title": "New"}"#, headers: [.ifMatch: etag])
            #expect(replaced.status == .ok)
            #expect(replaced["title"] == "New" && replaced["summary"] == "" && replaced["version"] == 2)
            #expect(replaced.headers[.eTag] != etag)

            #expect(
                try await fixture.teacher.call(.delete, path, headers: [.ifMatch: etag]).status == .preconditionFailed)
            #expect(try await fixture.teacher.call(.delete, path).status == .noContent)
            #expect(try await fixture.anyone.get(path).status == .notFound)
            #expect(try await fixture.teacher.call(.delete, path).status == .notFound)
        }
    }

    @Test("replacing needs to know what it replaces", arguments: GraphBackend.available)
    func conditions(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            let teacher = fixture.teacher
            let body = #"{"title": "T"}"#
            #expect(
                try await teacher.call(.put, path, body, headers: [.ifMatch: "\"1\""]).status == .preconditionFailed)
            let made = try await teacher.call(.put, path, body, headers: [.ifNoneMatch: "*"])
            #expect(made.status == .created)
            #expect(try await teacher.call(.put, path, body).status == .preconditionRequired)
            #expect(
                try await teacher.call(.put, path, body, headers: [.ifNoneMatch: "*"]).status == .preconditionFailed)
            #expect(
                try await teacher.call(.put, path, body, headers: [.ifMatch: "\"x\""]).status == .preconditionFailed)
            // Deleted and made again, it is another concept, though its version is the same.
            #expect(try await teacher.call(.delete, path).status == .noContent)
            try await teacher.made(path, body)
            let stale = try #require(made.headers[.eTag])
            #expect(try await teacher.call(.put, path, body, headers: [.ifMatch: stale]).status == .preconditionFailed)
        }
    }

    @Test("of two writers that read the same state one is refused", arguments: GraphBackend.available)
    func twoWriters(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("equal-fractions")
            let etag = try #require(try await fixture.anyone.get(path).headers[.eTag])
            let statuses = try await withThrowingTaskGroup { group in
                for writer in 0..<8 {
                    group.addTask {
                        let body = #"{"title": "by \#(writer)"}"#
                        return try await fixture.teacher.call(.put, path, body, headers: [.ifMatch: etag]).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == .ok } == 1)
            #expect(statuses.count { $0 == .preconditionFailed } == 7)
        }
    }

    @Test("only teachers write")
    func access() async throws {
        try await GraphFixture.run { fixture in
            for (method, path) in [
                ("PUT", path), ("DELETE", path), ("PUT", path + "/prerequisites/a"),
                ("DELETE", path + "/prerequisites/a"), ("PUT", "/graph/chapters/1/a/concepts/b"),
                ("DELETE", "/graph/chapters/1/a/concepts/b"), ("POST", "/graph/import"),
            ] {
                let method = try #require(HTTPRequest.Method(method))
                #expect(try await fixture.anyone.call(method, path, "{}").status == .unauthorized)
                #expect(try await fixture.student.call(method, path, "{}").status == .forbidden)
            }
        }
    }

    @Test(
        "bad input is refused with the field that is wrong",
        arguments: [
            (#"{"title": ""}"#, "title"),
            (#"{}"#, "title"),
            (#"{"title": 7}"#, "title"),
            (#"{"title": "a\u0000b"}"#, "title"),
            (#"{"title": "T", "summary": "a\u0000b"}"#, "summary"),
            (#"{"title": "T", "metadata": {"a": ["\u0000"]}}"#, "metadata"),
            (#"{"title": "T", "metadata": [1]}"#, "metadata"),
            (#"{"title": "T", "slug": "another"}"#, "slug"),
            (#"{"title": "T", "slug": "No Slug"}"#, "slug"),
        ])
    func badInput(body: String, field: String) async throws {
        try await GraphFixture.run { fixture in
            let answer = try await fixture.teacher.call(.put, path, body)
            #expect(answer.status == .unprocessableContent)
            guard case .array(let errors)? = answer["errors"], case .object(let first)? = errors.first else {
                Issue.record("no errors in \(answer.body)")
                return
            }
            #expect(first["field"] == .string(field))
        }
    }

    @Test("what is no JSON, no slug or no page is refused")
    func malformed() async throws {
        try await GraphFixture.run { fixture in
            let teacher = fixture.teacher
            #expect(try await teacher.call(.put, path, "{").status == .badRequest)
            let plain = try await teacher.call(.put, path, "{}", headers: [.contentType: "text/plain"])
            #expect(plain.status == .unsupportedMediaType)
            #expect(
                try await teacher.call(.put, "/graph/concepts/No_Slug", #"{"title": "T"}"#).status
                    == .unprocessableContent)
            #expect(try await teacher.get("/graph/concepts/No_Slug").status == .notFound)
            for query in ["limit=0", "limit=101", "limit=x", "cursor=x", "count=all"] {
                #expect(try await teacher.get("/graph/concepts?\(query)").status == .unprocessableContent)
            }
        }
    }

    @Test("SQL in a field is text like any other", arguments: GraphBackend.available)
    func injection(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            let text = "'); DROP TABLE concepts; --"
            try await fixture.teacher.made(
                path, #"{"title": "\#(text)", "summary": "\#(text)", "metadata": {"\#(text)": 1}}"#)
            let read = try await fixture.anyone.get(path)
            #expect(read["title"] == .string(text) && read["metadata", text] == 1)
            #expect(try await fixture.anyone.get("/graph/concepts/%27%3B%20DROP").status == .notFound)
        }
    }

    @Test("whoever knew a concept that was made again since changes nothing", arguments: GraphBackend.available)
    func remade(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            let slug = try #require(ConceptSlug("a"))
            let text = ConceptText(title: "T", summary: "", metadata: .empty)
            let first = try await fixture.graph.create(slug, text)
            try await fixture.graph.delete(first)
            let second = try await fixture.graph.create(slug, text)
            #expect(second.version == first.version)
            await #expect(throws: GraphError.conceptChanged(slug)) { try await fixture.graph.delete(first) }
            await #expect(throws: GraphError.conceptChanged(slug)) {
                _ = try await fixture.graph.replace(first, with: text)
            }
            #expect(try await fixture.graph.concept(slug) == second)
            #expect(try await fixture.graph.replace(second, with: text).version == 2)
        }
    }

    @Test("the list comes in pages by slug, stable while concepts are added", arguments: GraphBackend.available)
    func pages(backend: GraphBackend) async throws {
        try await GraphFixture.run(on: backend) { fixture in
            try await fixture.concepts("e", "b", "d", "a", "c")
            let first = try await fixture.anyone.get("/graph/concepts?limit=2&count=exact")
            #expect(first.items("slug") == ["a", "b"] && first["total"] == 5)
            try await fixture.concepts("a-2", "b-2")
            guard case .string(let cursor)? = first["next_cursor"] else { throw Missing() }
            let second = try await fixture.anyone.get("/graph/concepts?limit=4&cursor=\(cursor)")
            #expect(second.items("slug") == ["b-2", "c", "d", "e"])
            #expect(second["next_cursor"] == .null && second["total"] == nil)
        }
    }

    struct Missing: Error {}
}
