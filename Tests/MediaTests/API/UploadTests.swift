import Crypto
import FoundationEssentials
import HTTPTypes
import NIOCore
import PostgresTesting
import Testing
import WireProtocol

@testable import Media

@Suite("POST /media", .enabled(if: TestDatabase.isAvailable))
struct UploadTests {
    private static let png: [UInt8] = DemoImage(width: 90, height: 60).fractionBar(parts: 3, filled: 1)

    @Test("takes a file with its fields, and says what it is")
    func upload() async throws {
        try await withMedia { media in
            let form = TestForm().field("visibility", "public").field("knowledge_id", "7")
                .file(Self.png, filename: "../half\u{1}.exe").field("chapter_id", "one").field("else", "ignored")
            let answer = try await media.upload(form, token: media.token())
            #expect(answer.status == .created)
            let item = try answer.decoded(UploadedMedia.self)
            #expect(item.filename == "half.exe" && item.content_type == "image/png" && item.size == Self.png.count)
            #expect(item.sha256 == Array(SHA256.hash(data: Self.png)).hexadecimal)
            #expect(item.visibility == "public" && item.owner_id == media.owner)
            #expect(item.knowledge_id == 7 && item.chapter_id == "one")
            #expect(answer.headers[.location] == item.path && answer.headers[.eTag] == "\"1\"")
            let content = try await media.call(.get, item.path + "/content")
            #expect(Array(content.body.readableBytesView) == Self.png)
            #expect(try media.storedFiles().count == 1)
        }
    }

    @Test("makes a file private unless told otherwise")
    func defaults() async throws {
        try await withMedia { media in
            let answer = try await media.upload(TestForm().file(Array("text".utf8)), token: media.token())
            #expect(try answer.decoded(UploadedMedia.self).visibility == "private")
        }
    }

    @Test(
        "refuses fields that are not valid, all at once",
        arguments: [
            (TestForm().field("visibility", "public"), ["file"]),
            (TestForm().file([], filename: ""), ["file"]),
            (TestForm().file(Array("x".utf8)).file(Array("y".utf8)), ["file"]),
            (
                TestForm().file(Array("x".utf8)).field("visibility", "secret").field("knowledge_id", "one"),
                ["knowledge_id", "visibility"]
            ),
            (TestForm().file(Array("x".utf8)).field("knowledge_id", "0"), ["knowledge_id"]),
            (TestForm().file(Array("x".utf8)).field("knowledge_id", "99999999999999999999"), ["knowledge_id"]),
            (TestForm().file(Array("x".utf8)).field("chapter_id", "one"), ["chapter_id"]),
            (TestForm().file(Array("x".utf8)).field("knowledge_id", "1").field("chapter_id", "a\0b"), ["chapter_id"]),
            (
                TestForm().file(Array("x".utf8)).field("knowledge_id", "1").field(
                    "chapter_id", String(repeating: "x", count: 51)), ["chapter_id"]
            ),
            (
                TestForm().file(Array("x".utf8)).field("visibility", String(repeating: "x", count: 1_025)),
                ["visibility"]
            ),
            (
                TestForm().file(Array("x".utf8)).field("visibility", "public").field("visibility", "private"),
                ["visibility"]
            ),
        ] as [(TestForm, [String])])
    func invalid(_ form: TestForm, _ fields: [String]) async throws {
        try await withMedia { media in
            let answer = try await media.upload(form, token: media.token())
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.faultyFields == fields)
            #expect(try media.storedFiles().isEmpty)
        }
    }

    @Test("refuses what is no whole form, and keeps nothing of it")
    func malformed() async throws {
        try await withMedia { media in
            let token = try await media.token()
            var cut = TestForm().file(Array("text".utf8)).field("visibility", "public")
            cut.closing = ""
            #expect(try await media.upload(cut, token: token).status == .badRequest)
            #expect(try await media.upload(TestForm().part("form-data", []), token: token).status == .badRequest)
            let form = ByteBuffer(bytes: TestForm().file(Array("text".utf8)).bytes)
            for (type, status) in [
                ("multipart/form-data", HTTPResponse.Status.badRequest),
                ("multipart/form-data; boundary=", .badRequest),
                ("multipart/form-data; boundary=other", .badRequest),
                ("multipart/mixed; boundary=x", .unsupportedMediaType),
                ("application/json", .unsupportedMediaType),
            ] {
                let answer = try await media.call(
                    .post, "/media", token: token, headers: [.contentType: type], body: form)
                #expect(answer.status == status, "\(type)")
            }
            #expect(try await media.call(.post, "/media", token: token).status == .unsupportedMediaType)
            #expect(try media.storedFiles().isEmpty)
        }
    }

    @Test("refuses types that are not on the list, whatever the name says")
    func types() async throws {
        try await withMedia { media in
            let token = try await media.token()
            for bytes: [UInt8] in [
                [0x7F, 0x45, 0x4C, 0x46, 0, 0], Array("text\0".utf8), Array(repeating: 0, count: 9_000),
            ] {
                let answer = try await media.upload(TestForm().file(bytes, filename: "a.png"), token: token)
                #expect(answer.status == .unsupportedMediaType)
            }
            #expect(try media.storedFiles().isEmpty)
        }
    }

    @Test("refuses a file that is too large as soon as that is known, and takes one of just the limit")
    func tooLarge() async throws {
        try await withMedia { media in
            let token = try await media.token()
            let limit = media.library.rules.maximumSize
            let text = Array(repeating: UInt8(ascii: "x"), count: limit + 1)
            #expect(try await media.upload(TestForm().file(text), token: token).status == .contentTooLarge)
            #expect(try media.storedFiles().isEmpty)
            #expect(try await media.upload(TestForm().file(Array(text.dropLast())), token: token).status == .created)
        }
    }

    @Test("is for teachers")
    func access() async throws {
        try await withMedia { media in
            let form = TestForm().file(Array("text".utf8))
            let student = try await media.upload(form, token: media.token(.student))
            #expect(student.status == .forbidden)
            #expect(try await media.upload(form, token: media.tokens.unsignedToken(.admin)).status == .unauthorized)
            #expect(try await media.call(.post, "/media").status == .unauthorized)
            #expect(try await media.upload(form, token: media.token(.admin)).status == .created)
        }
    }

    @Test("gives the first answer again to the same Idempotency-Key with the same file")
    func idempotency() async throws {
        try await withMedia { media in
            let token = try await media.token()
            let key: HTTPFields = [.idempotencyKey: "first"]
            let form = TestForm().file(Array("text".utf8))
            async let one = media.upload(form, token: token, headers: key)
            async let other = media.upload(form, token: token, headers: key)
            let ids = try await [one, other].map { try $0.decoded(UploadedMedia.self).id }
            #expect(ids[0] == ids[1])
            #expect(try media.storedFiles().count == 1)
            let changed = try await media.upload(form.field("visibility", "public"), token: token, headers: key)
            #expect(changed.status == .unprocessableContent)
            let others = try await media.token(user: Identifier())
            #expect(try await media.upload(form, token: others, headers: key).decoded(UploadedMedia.self).id != ids[0])
            #expect(try media.storedFiles().count == 2)
        }
    }

    @Test("tells analytics of every upload")
    func event() async throws {
        try await withMedia { media in
            _ = try await media.item()
            let rows = try await media.database.query("SELECT target, event::text AS event FROM outbox")
            let text: String = try #require(rows.only)["event"]
            #expect(text.contains("\"media.upload\"") && rows.count == 1)
        }
    }

    @Test("tells content once of a file that is deleted, whichever way")
    func deletedEvent() async throws {
        try await withMedia { media in
            let (one, other) = (try await media.item(), try await media.item())
            try await media.database.query("DELETE FROM outbox")
            #expect(try await media.call(.delete, one.path, token: media.token()).status == .noContent)
            try await media.database.query("UPDATE media SET deleted_at = now(), version = version + 1")
            let rows = try await media.database.query(
                "SELECT target, event::text AS event FROM outbox ORDER BY position")
            #expect(try rows.map { try $0["target"] as String } == ["content", "content"])
            let events = try rows.map { row in
                let text: String = try row["event"]
                return try WireJSON.decode(Event.self, from: Data(text.utf8)).payload
            }
            #expect(
                Set(events.map(\.type)) == ["media.deleted"]
                    && events.contains(.mediaDeleted(MediaDeleted(id: one.id)))
                    && events.contains(.mediaDeleted(MediaDeleted(id: other.id))))
        }
    }

    @Test("keeps SQL in any field as text")
    func injection() async throws {
        try await withMedia { media in
            let sql = "'); DROP TABLE media; -- $1"
            let form = TestForm().file(Array("text".utf8), filename: sql).field("knowledge_id", "1")
                .field("chapter_id", sql)
            let item = try await media.upload(form, token: media.token()).decoded(UploadedMedia.self)
            #expect(item.filename == sql && item.chapter_id == sql)
            let refused = try await media.upload(
                TestForm().file(Array("text".utf8)).field("visibility", sql), token: media.token())
            #expect(refused.status == .unprocessableContent)
        }
    }
}
