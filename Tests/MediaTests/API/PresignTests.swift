import FoundationEssentials
import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Media

@Suite("POST /media/{id}/presign", .enabled(if: TestDatabase.isAvailable))
struct PresignTests {
    private struct Grant: Decodable {
        let url: String
        let expires_at: Date

        /// What a client of the service itself asks for.
        var path: String { String(url[(url.range(of: "/media/")?.lowerBound ?? url.startIndex)...]) }
    }

    @Test("gives a URL that opens a private file to anybody, until it expires")
    func grant() async throws {
        try await withMedia { media in
            let item = try await media.item("a secret")
            let answer = try await media.call(
                .post, item.path + "/presign", token: media.token(), json: #"{"expires_in":60}"#)
            #expect(answer.status == .ok)
            let grant = try answer.decoded(Grant.self)
            #expect(abs(grant.expires_at.timeIntervalSinceNow - 60) < 5)
            let content = try await media.call(.get, grant.path, headers: [.range: "bytes=2-"])
            #expect(content.status == .partialContent && content.text == "secret")
            #expect(content.headers[.cacheControl] == "private, no-cache")
            #expect(try await media.call(.head, grant.path).status == .ok)
            let kept = try await media.call(.get, grant.path + "&download=1")
            #expect(kept.headers[.contentDisposition]?.hasPrefix("attachment") == true)
        }
    }

    @Test("names the host that the request came by")
    func host() async throws {
        try await withMedia { media in
            let item = try await media.item()
            let forwarded: HTTPFields = [
                .init("x-forwarded-host")!: "school.example", .init("x-forwarded-proto")!: "https",
            ]
            let answer = try await media.call(
                .post, item.path + "/presign", token: media.token(), json: "{}", headers: forwarded)
            #expect(try answer.decoded(Grant.self).url.hasPrefix("https://school.example\(item.path)/content?"))
        }
    }

    @Test("sends clients straight to a store that they can reach")
    func direct() async throws {
        try await withMedia(objects: { StandInStore(base: $0, address: "https://store.example") }) { media in
            let item = try await media.item()
            let answer = try await media.call(.post, item.path + "/presign", token: media.token(), json: "{}")
            #expect(try answer.decoded(Grant.self).url == "https://store.example/read?type=text/plain; charset=utf-8")
            let start = try await media.call(
                .post, "/media/uploads", token: media.token(),
                json: #"{"filename":"a","content_type":"audio/wav","size":1}"#)
            #expect(start.text.contains(#""url":"https://store.example/parts/1""#))
        }
    }

    @Test("gives nothing that can be stretched")
    func tampering() async throws {
        try await withMedia { media in
            let item = try await media.item()
            let other = try await media.item()
            let content = item.path + "/content"
            let later = Date().addingTimeInterval(60)
            let query = media.signedURLs.signer.query(for: .get, content, until: later)
            #expect(try await media.call(.get, "\(content)?\(query)").status == .ok)
            let stretched = query.replacing("expires=", with: "expires=1")
            let past = media.signedURLs.signer.query(for: .get, content, until: Date().addingTimeInterval(-1))
            let foreign = URLSigner(secret: "another secret").query(for: .get, content, until: later)
            let put = media.signedURLs.signer.query(for: .put, content, until: later)
            for refused in [
                "\(content)?\(stretched)", "\(content)?\(past)", "\(content)?\(foreign)", "\(content)?\(put)",
                "\(other.path)/content?\(query)", "\(content)?expires=9999999999", "\(content)?signature=00",
                "\(content)?\(query)00",
            ] {
                #expect(try await media.call(.get, refused).status == .forbidden, "\(refused)")
            }
            #expect(try await media.call(.get, "\(content)?expires=x&signature=0").status == .unprocessableContent)
        }
    }

    @Test("asks for a file that the caller may read, and a lifetime of at most a week")
    func refusals() async throws {
        try await withMedia { media in
            let item = try await media.item()
            let path = item.path + "/presign"
            let stranger = try await media.token(.student, user: Identifier())
            #expect(try await media.call(.post, path, token: nil, json: "{}").status == .unauthorized)
            #expect(try await media.call(.post, path, token: stranger, json: "{}").status == .notFound)
            for lifetime in ["0", "-1", "604801", "\"1\"", "1.5"] {
                let answer = try await media.call(
                    .post, path, token: media.token(), json: "{\"expires_in\":\(lifetime)}")
                #expect(answer.status == .unprocessableContent, "\(lifetime)")
            }
        }
    }

    @Test("does not bring a deleted file back")
    func deleted() async throws {
        try await withMedia { media in
            let item = try await media.item()
            let grant = try await media.call(.post, item.path + "/presign", token: media.token(), json: "{}")
                .decoded(Grant.self)
            try await media.call(.delete, item.path, token: media.token())
            #expect(try await media.call(.get, grant.path).status == .notFound)
        }
    }
}
