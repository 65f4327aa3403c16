import HTTPTypes
import NIOCore
import PostgresTesting
import ServiceKit
import Testing

@testable import Media

@Suite("GET and HEAD /media/{id}/content", .enabled(if: TestDatabase.isAvailable))
struct DownloadTests {
    private static let text = String((0..<1_000).map { Character(Unicode.Scalar(UInt8(97 + $0 % 26))) })

    @Test("give the bytes with everything that a client caches and names them by")
    func whole() async throws {
        try await withMedia { media in
            let item = try await media.item(Self.text, filename: "naïve.txt", .public)
            let answer = try await media.call(.get, item.path + "/content")
            #expect(answer.status == .ok && answer.text == Self.text)
            #expect(answer.headers[.eTag] == "\"\(item.sha256)\"")
            #expect(answer.headers[.lastModified].flatMap(HTTPDate.parse) != nil)
            #expect(answer.headers[.acceptRanges] == "bytes")
            #expect(answer.headers[.contentType] == "text/plain; charset=utf-8")
            #expect(answer.headers[.contentLength] == "1000")
            #expect(answer.headers[.cacheControl]?.hasPrefix("public") == true)
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            #expect(
                answer.headers[.contentDisposition]
                    == #"inline; filename="na_ve.txt"; filename*=UTF-8''na%C3%AFve.txt"#)
            let kept = try await media.call(.get, item.path + "/content?download=1")
            #expect(kept.headers[.contentDisposition]?.hasPrefix("attachment; ") == true)
            let head = try await media.call(.head, item.path + "/content")
            #expect(head.status == .ok && head.headers[.contentLength] == "1000" && head.body.readableBytes == 0)
        }
    }

    @Test("give one range")
    func ranges() async throws {
        try await withMedia { media in
            let path = try await media.item(Self.text, .public).path + "/content"
            func get(_ range: String, _ others: HTTPFields = [:]) async throws -> (HTTPResponse.Status, String, String?)
            {
                var headers = others
                headers[.range] = range
                let answer = try await media.call(.get, path, headers: headers)
                return (answer.status, answer.text, answer.headers[.contentRange])
            }
            #expect(
                try await get("bytes=10-19") == (
                    .partialContent, String(Self.text.dropFirst(10).prefix(10)), "bytes 10-19/1000"
                ))
            #expect(try await get("bytes=-3") == (.partialContent, String(Self.text.suffix(3)), "bytes 997-999/1000"))
            #expect(
                try await get("bytes=990-5000") == (.partialContent, String(Self.text.suffix(10)), "bytes 990-999/1000")
            )
            let beyond = try await get("bytes=1000-")
            #expect(beyond.0 == .rangeNotSatisfiable && beyond.2 == "bytes */1000")
            #expect(try await get("bytes=0-1,5-6") == (.ok, Self.text, nil))
            #expect(try await get("bytes=0-1", [.ifRange: "\"old\""]) == (.ok, Self.text, nil))
        }
    }

    @Test("give 304 to who has the bytes, 412 to who expects others")
    func conditions() async throws {
        try await withMedia { media in
            let item = try await media.item(Self.text, .public)
            let unchanged = try await media.call(
                .get, item.path + "/content", headers: [.ifNoneMatch: "\"\(item.sha256)\"", .range: "bytes=0-1"])
            #expect(unchanged.status == .notModified && unchanged.body.readableBytes == 0)
            #expect(unchanged.headers[.eTag] == "\"\(item.sha256)\"")
            let other = try await media.call(.get, item.path + "/content", headers: [.ifMatch: "\"other\""])
            #expect(other.status == .preconditionFailed)
        }
    }

    @Test(
        "never show HTML or SVG in place",
        arguments: ["<!doctype html><script>alert(1)</script>", "<svg xmlns='http://www.w3.org/2000/svg'/>"])
    func active(_ content: String) async throws {
        try await withMedia { media in
            let item = try await media.item(content, filename: "harmless.txt", .public)
            let answer = try await media.call(.get, item.path + "/content?download=0")
            #expect(answer.headers[.contentDisposition]?.hasPrefix("attachment; ") == true)
            #expect(answer.headers[.contentSecurityPolicy] == "default-src 'none'; sandbox")
        }
    }

    @Test("let no shared cache keep what is not public")
    func caching() async throws {
        try await withMedia { media in
            for visibility in [Visibility.private, .authenticated] {
                let item = try await media.item("text", visibility)
                let answer = try await media.call(.get, item.path + "/content", token: media.token())
                #expect(answer.headers[.cacheControl] == "private, no-cache")
            }
        }
    }

    @Test("give an empty file")
    func empty() async throws {
        try await withMedia { media in
            let item = try await media.item("", .public)
            let answer = try await media.call(.get, item.path + "/content")
            #expect(answer.status == .ok && answer.headers[.contentLength] == "0" && answer.body.readableBytes == 0)
        }
    }

    @Test("say that it is our doing when the bytes are not in the store")
    func missing() async throws {
        try await withMedia { media in
            let item = try await media.item("text", .public)
            try await media.store.remove(try #require(await media.library.catalogue.item(item.id)).file.key)
            let answer = try await media.call(.get, item.path + "/content")
            #expect(answer.status == .serviceUnavailable)
        }
    }
}
