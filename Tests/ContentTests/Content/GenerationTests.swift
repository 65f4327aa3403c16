import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct GenerationTests {
    @Test func `A generator's success publishes the item, and analytics hears of it`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("one")
            let item = try await fixture.content(knowledge, "one", "pt-BR", status: "generating")
            try await fixture.forgetEvents()
            let answer = try await fixture.teacher.post(
                "/content/\(item["id"].int ?? 0)/generation", #"{"status": "published", "generation_time": 2.5}"#)
            #expect(answer.status == .ok)
            #expect(answer["status"].string == "published")
            let payloads = try await fixture.events().map(\.payload)
            #expect(payloads.map(\.type) == ["content.saved", "content.generated"])
            let language = try #require(LanguageTag("pt-BR"))
            #expect(
                payloads.last
                    == .contentGenerated(
                        ContentGenerated(
                            knowledgeID: knowledge, chapterID: "one", language: language, contentType: "lesson",
                            generationTime: 2.5, success: true)))
        }
    }

    @Test func `A failure says why, and may be tried again`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("one"), "one", status: "generating")
            let path = "/content/\(item["id"].int ?? 0)/generation"
            try await fixture.forgetEvents()
            let failed = try await fixture.teacher.post(path, #"{"status": "failed", "error_message": "no model"}"#)
            #expect(failed["status"].string == "failed")
            guard case .contentGenerated(let event)? = try await fixture.events().last?.payload else {
                Issue.record("no event")
                return
            }
            #expect(!event.success)
            #expect(event.errorMessage == "no model")
            try await fixture.forgetEvents()
            #expect(try await fixture.teacher.post(path, #"{"status": "generating"}"#).status == .ok)
            #expect(try await fixture.events().map(\.payload.type) == ["content.saved"])
        }
    }

    @Test(arguments: [
        ("archived", "generating"), ("archived", "published"), ("archived", "failed"), ("published", "failed"),
        ("draft", "failed"),
    ])
    func `A report about what was put away, or a failure of what nobody generates, is a conflict`(
        status: String, outcome: String
    ) async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("one"), "one", status: status)
            try await fixture.forgetEvents()
            let answer = try await fixture.teacher.post(
                "/content/\(item["id"].int ?? 0)/generation", #"{"status": "\#(outcome)"}"#)
            #expect(answer.status == .conflict)
            #expect(try await fixture.events().isEmpty)
        }
    }

    @Test func `A report that is meant for another state is refused, and tells nobody`() async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("one"), "one", status: "generating")
            let path = "/content/\(item["id"].int ?? 0)"
            let changed = try await fixture.teacher.patch(path, #"{"title": "New"}"#, match: item.etag)
            try await fixture.forgetEvents()
            func report(_ tag: String?) async throws -> Answer {
                try await fixture.teacher.post(
                    path + "/generation", #"{"status": "published"}"#, headers: [.ifMatch: tag ?? ""])
            }
            #expect(try await report(item.etag).status == .preconditionFailed)
            #expect(try await fixture.events().isEmpty)
            #expect(try await report(changed.etag)["status"].string == "published")
        }
    }

    @Test(arguments: [
        (#"{}"#, "status"), (#"{"status": "draft"}"#, "status"),
        (#"{"status": "published", "generation_time": -1}"#, "generation_time"),
        (#"{"status": "published", "error_message": "x"}"#, "error_message"),
    ])
    func `A faulty report is told by its field`(body: String, field: String) async throws {
        try await ContentFixture.run { fixture async throws in
            let item = try await fixture.content(try await fixture.knowledge("one"), "one", status: "generating")
            let answer = try await fixture.teacher.post("/content/\(item["id"].int ?? 0)/generation", body)
            #expect(answer.faultyFields == [field])
        }
    }
}
