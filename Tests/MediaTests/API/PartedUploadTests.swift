import Crypto
import FoundationEssentials
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Media

@Suite("/media/uploads", .enabled(if: TestDatabase.isAvailable))
struct PartedUploadTests {
    private struct Upload: Decodable {
        struct Part: Decodable {
            let number: Int
            let url: String
            let size: Int
            let received: Bool

            var path: String { String(url[(url.range(of: "/media/")?.lowerBound ?? url.startIndex)...]) }
        }

        let id: Identifier
        let parts: [Part]

        var path: String { "/media/uploads/\(id)" }
    }

    private static let rules = Intake.Rules(maximumSize: 40 << 20, allowedTypes: Set(ContentTypes.usual))
    /// Two whole parts and a bit.
    private static let sound = Array("RIFF....WAVEfmt ".utf8) + Array(repeating: 7, count: 33 << 20)

    private static func start(_ bytes: [UInt8], _ media: MediaFixture, sha256: String? = nil) async throws -> Upload {
        let checksum = sha256 ?? Array(SHA256.hash(data: bytes)).hexadecimal
        let answer = try await media.call(
            .post, "/media/uploads", token: media.token(),
            json: """
                {"filename":"a/tone.wav","content_type":"audio/wav","size":\(bytes.count),"sha256":"\(checksum)",
                 "visibility":"public","knowledge_id":2}
                """)
        #expect(answer.status == .created)
        return try answer.decoded(Upload.self)
    }

    private static func put(_ number: Int, of bytes: [UInt8], to upload: Upload, _ media: MediaFixture) async throws
        -> HTTPResponse.Status
    {
        let part = upload.parts[number - 1]
        let start = upload.parts.prefix(number - 1).reduce(0) { $0 + $1.size }
        let body = ByteBuffer(bytes: bytes[start..<start + part.size])
        return try await media.call(.put, part.path, body: body).status
    }

    @Test("makes one file of parts that come in any order and more than once")
    func whole() async throws {
        try await withMedia(rules: Self.rules) { media in
            let upload = try await Self.start(Self.sound, media)
            #expect(upload.parts.map(\.size) == [16 << 20, 16 << 20, Self.sound.count - (32 << 20)])
            for number in [3, 1, 1] {
                #expect(try await Self.put(number, of: Self.sound, to: upload, media) == .noContent)
            }
            let token = try await media.token()
            let early = try await media.call(.post, upload.path + "/complete", token: token)
            #expect(early.status == .conflict && early.text.contains("wrong length: 2."))
            let state = try await media.call(.get, upload.path, token: token).decoded(Upload.self)
            #expect(state.parts.map(\.received) == [true, false, true])
            #expect(try await Self.put(2, of: Self.sound, to: state, media) == .noContent)

            let done = try await media.call(.post, upload.path + "/complete", token: token)
            #expect(done.status == .created)
            let item = try done.decoded(UploadedMedia.self)
            #expect(item.filename == "tone.wav" && item.size == Self.sound.count && item.knowledge_id == 2)
            #expect(item.sha256 == Array(SHA256.hash(data: Self.sound)).hexadecimal)
            let content = try await media.call(.get, item.path + "/content")
            #expect(content.body == ByteBuffer(bytes: Self.sound))
            #expect(try media.storedFiles().count == 1)
            let again = try await media.call(.post, upload.path + "/complete", token: token)
            #expect(try again.decoded(UploadedMedia.self) == item)
            #expect(try await Self.put(1, of: Self.sound, to: upload, media) == .conflict)
            #expect(try await media.call(.get, upload.path, token: token).status == .notFound)
        }
    }

    @Test("is over when the bytes are not those that were announced")
    func wrongBytes() async throws {
        try await withMedia { media in
            let token = try await media.token()
            let text = Array("RIFF....WAVEfmt".utf8)
            for (bytes, sha256, status) in [
                (text, String(repeating: "0", count: 64), HTTPResponse.Status.unprocessableContent),
                (Array("text\0".utf8), nil, .unsupportedMediaType),
            ] {
                let upload = try await Self.start(bytes, media, sha256: sha256)
                #expect(try await Self.put(1, of: bytes, to: upload, media) == .noContent)
                let answer = try await media.call(.post, upload.path + "/complete", token: token)
                #expect(answer.status == status)
                #expect(try await media.call(.post, upload.path + "/complete", token: token).status == .notFound)
                #expect(try media.storedFiles().isEmpty)
            }
        }
    }

    @Test("takes parts of the right length only, from who has the signed URL")
    func parts() async throws {
        try await withMedia { media in
            let bytes = Array("RIFF....WAVEfmt".utf8)
            let upload = try await Self.start(bytes, media)
            let path = upload.parts[0].path
            let short = try await media.call(.put, path, body: ByteBuffer(bytes: bytes.dropLast()))
            #expect(short.status == .badRequest)
            let long = try await media.call(.put, path, body: ByteBuffer(bytes: bytes + [0]))
            #expect(long.status == .contentTooLarge)
            let unsigned = try await media.call(
                .put, "\(upload.path)/parts/1", token: media.token(), body: ByteBuffer(bytes: bytes))
            #expect(unsigned.status == .forbidden)
            let other = try await media.call(
                .put, path.replacing("/parts/1", with: "/parts/2"), body: ByteBuffer(bytes: bytes))
            #expect(other.status == .forbidden)
            #expect(try media.storedFiles().isEmpty)
        }
    }

    @Test("can be given up")
    func abort() async throws {
        try await withMedia { media in
            let bytes = Array("RIFF....WAVEfmt".utf8)
            let upload = try await Self.start(bytes, media)
            #expect(try await Self.put(1, of: bytes, to: upload, media) == .noContent)
            #expect(try await media.call(.delete, upload.path, token: media.token()).status == .noContent)
            #expect(try media.storedFiles().isEmpty)
            #expect(try await Self.put(1, of: bytes, to: upload, media) == .notFound)
        }
    }

    @Test("is completed once when asked twice at the same time")
    func race() async throws {
        try await withMedia { media in
            let bytes = Array("RIFF....WAVEfmt".utf8)
            let upload = try await Self.start(bytes, media)
            #expect(try await Self.put(1, of: bytes, to: upload, media) == .noContent)
            let token = try await media.token()
            async let one = media.call(.post, upload.path + "/complete", token: token)
            async let other = media.call(.post, upload.path + "/complete", token: token)
            let statuses = try await [one.status, other.status]
            #expect(statuses.contains(.created) && statuses.allSatisfy { $0 == .created || $0 == .conflict })
            let rows = try await media.database.query("SELECT id FROM media")
            #expect(rows.count == 1)
        }
    }

    @Test("belongs to who started it, and is for teachers")
    func access() async throws {
        try await withMedia { media in
            let upload = try await Self.start(Array("RIFF....WAVEfmt".utf8), media)
            let other = try await media.token(.teacher, user: Identifier())
            let student = try await media.token(.student)
            for (token, status) in [(other, HTTPResponse.Status.notFound), (student, .forbidden), (nil, .unauthorized)]
            {
                #expect(try await media.call(.get, upload.path, token: token).status == status)
                #expect(try await media.call(.delete, upload.path, token: token).status == status)
                #expect(try await media.call(.post, upload.path + "/complete", token: token).status == status)
            }
            #expect(try await media.call(.post, "/media/uploads", token: student, json: "{}").status == .forbidden)
        }
    }

    @Test(
        "is refused at the start when nothing can come of it",
        arguments: [
            (#"{"filename":"a","content_type":"audio/wav"}"#, 422), ("{", 400),
            (#"{"filename":"","content_type":"audio/wav","size":1}"#, 422),
            (#"{"filename":"a","content_type":"audio/wav","size":-1}"#, 422),
            (#"{"filename":"a","content_type":"audio/wav","size":"1"}"#, 422),
            (#"{"filename":"a","content_type":"audio/wav","size":1,"sha256":"abc"}"#, 422),
            (#"{"filename":"a","content_type":"audio/wav","size":1,"visibility":"all"}"#, 422),
            (#"{"filename":"a","content_type":"application/x-executable","size":1}"#, 415),
            (#"{"filename":"a","content_type":"audio/wav","size":99999999999}"#, 413),
        ])
    func refusals(_ json: String, _ status: Int) async throws {
        try await withMedia { media in
            let answer = try await media.call(.post, "/media/uploads", token: media.token(), json: json)
            #expect(answer.status.code == status)
        }
    }
}
