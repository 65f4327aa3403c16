import FoundationEssentials
import Testing
import WireProtocol

@Suite("Events")
struct EventTests {
    static let portuguese = LanguageTag("pt-BR")!

    static let goldens: [(EventPayload, String)] = [
        (
            .knowledgeSaved(KnowledgeSaved(knowledgeID: 7, title: "Algebra", defaultLanguage: portuguese)),
            #"{"default_language":"pt-BR","knowledge_id":7,"title":"Algebra"}"#
        ),
        (.knowledgeDeleted(KnowledgeDeleted(knowledgeID: 7)), #"{"knowledge_id":7}"#),
        (
            .chapterSaved(ChapterSaved(knowledgeID: 7, chapterID: "c1", title: "One", position: 1)),
            #"{"chapter_id":"c1","knowledge_id":7,"position":1,"title":"One"}"#
        ),
        (
            .chapterDeleted(ChapterDeleted(knowledgeID: 7, chapterID: "c1")),
            #"{"chapter_id":"c1","knowledge_id":7}"#
        ),
        (
            .contentSaved(
                ContentSaved(
                    id: 3, knowledgeID: 7, chapterID: "c1", language: portuguese, contentType: "lesson",
                    status: "published")),
            #"{"chapter_id":"c1","content_type":"lesson","id":3,"knowledge_id":7,"language":"pt-BR","status":"published"}"#
        ),
        (
            .contentDeleted(
                ContentDeleted(id: 3, knowledgeID: 7, chapterID: "c1", language: portuguese, contentType: "lesson")),
            #"{"chapter_id":"c1","content_type":"lesson","id":3,"knowledge_id":7,"language":"pt-BR"}"#
        ),
        (
            .contentGenerated(
                ContentGenerated(
                    knowledgeID: 7, chapterID: "c1", language: portuguese, contentType: "lesson", generationTime: 1.5,
                    success: false, errorMessage: "out of memory")),
            #"{"chapter_id":"c1","content_type":"lesson","error_message":"out of memory","generation_time":1.5,"knowledge_id":7,"language":"pt-BR","success":false}"#
        ),
        (
            .operationCompleted(
                OperationCompleted(
                    service: "content", operationType: "content.bulk", duration: 12.5, success: true, errorCount: 2)),
            #"{"duration":12.5,"error_count":2,"operation_type":"content.bulk","service":"content","success":true}"#
        ),
        (
            .mediaDeleted(MediaDeleted(id: someID)), #"{"id":"00000000-0000-4000-8000-00000000000a"}"#
        ),
        (
            .userDeleted(UserDeleted(userID: someID)), #"{"user_id":"00000000-0000-4000-8000-00000000000a"}"#
        ),
    ]

    @Test("each event is written with its type, time and data", arguments: goldens)
    func event(payload: EventPayload, data: String) throws {
        try expectGolden(
            Event(id: someID, occurredAt: someTime, payload),
            #"{"data":"# + data
                + #","id":"00000000-0000-4000-8000-00000000000a","occurred_at":"2026-03-01T08:30:00.250Z","type":""#
                + payload.type + #""}"#)
    }

    @Test("an event of a type from the future is read as unknown, not refused")
    func unknown() throws {
        let json =
            #"{"id":"00000000-0000-4000-8000-00000000000a","type":"moon.landed","occurred_at":"2026-03-01T08:30:00Z","data":{"who":1}}"#
        let event = try WireJSON.decode(Event.self, from: Data(json.utf8))
        #expect(event.payload == .unknown(type: "moon.landed"))
    }
}
