import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Media

@Suite("Of an owner who is gone", .enabled(if: TestDatabase.isAvailable))
struct ErasureTests {
    @Test("files of a course that others may see stay as nobody's, all others go")
    func erasure() async throws {
        try await withMedia { media in
            let lesson = try await media.item("one", .authenticated, knowledgeID: 1)
            let draft = try await media.item("two", .private, knowledgeID: 1)
            let loose = try await media.item("three", .public)
            let started = try await media.call(
                .post, "/media/uploads", token: try await media.token(),
                json: #"{"filename": "a.txt", "content_type": "text/plain", "size": 4}"#)
            #expect(started.status == .created)
            let sink = MediaService.inbox(media.database)
            let news = Event(.userDeleted(UserDeleted(userID: media.owner)))
            #expect(try await sink.receive([news]) == EventReceipt(accepted: 1, duplicates: 0))
            #expect(try await sink.receive([news]) == EventReceipt(accepted: 0, duplicates: 1))

            let student = try await media.token(.student, user: Identifier())
            let kept = try await media.call(.get, lesson.path, token: student)
            #expect(try kept.decoded(UploadedMedia.self).owner_id == .nobody)
            #expect(try await media.call(.get, lesson.path + "/content", token: student).text == "one")
            let admin = try await media.token(.admin, user: Identifier())
            for gone in [draft, loose] {
                #expect(try await media.call(.get, gone.path, token: admin).status == .notFound)
            }
            let left: Int = try await media.database.query(
                """
                SELECT (SELECT count(*) FROM media WHERE owner_id = $1)
                       + (SELECT count(*) FROM uploads WHERE owner_id = $1)
                       + (SELECT count(*) FROM upload_keys WHERE owner_id = $1) AS total
                """, [media.owner.rawValue])[0]["total"]
            #expect(left == 0)
            let swept = try await media.call(.post, "/media/maintenance", token: admin)
            #expect(swept.status == .ok)
            #expect(try media.storedFiles().count == 1)
        }
    }
}
