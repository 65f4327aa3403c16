import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import Testing

@testable import Media

/// What only a bucket does, against a real server of another make.
@Suite("The bucket store", .enabled(if: TestStore.bucketURL != nil))
struct S3StoreTests {
    @Test("sends clients straight to the bucket, for one call and a while")
    func directURLs() async throws {
        try await withBucket(name: "direct-\(UUID().uuidString.lowercased())", isPublic: true) { store in
            let key = ObjectKey()
            let soon = Date(timeIntervalSinceNow: 300)
            try await store.beginParts(of: key)
            let put = try #require(try await store.directURL(for: .putPart(key, number: 1), until: soon))
            #expect(try await call(put, body: "hello").status == 200)
            #expect(try await store.parts(of: key) == [1: 5])
            try await store.joinParts(of: key, count: 1)

            let read = DirectCall.read(key, contentType: "text/plain", disposition: "attachment; filename=\"a b.txt\"")
            let url = try #require(try await store.directURL(for: read, until: soon))
            let answer = try await call(url)
            #expect(answer.status == 200 && answer.body == "hello")
            #expect(answer.contentType == "text/plain" && answer.disposition == "attachment; filename=\"a b.txt\"")
            #expect(try await call(url.replacing(key.rawValue, with: ObjectKey().rawValue)).status == 403)
            #expect(try await call(url, body: "other").status == 403)
        }
    }

    @Test("tells no client of a bucket that clients don't reach")
    func noDirectURL() async throws {
        try await withBucket(name: "private-\(UUID().uuidString.lowercased())") { store async throws in
            let read = DirectCall.read(ObjectKey(), contentType: "text/plain", disposition: "inline")
            #expect(try await store.directURL(for: read, until: .distantFuture) == nil)
        }
    }

    @Test("says why it can't work, without the secret", arguments: ["wrong-secret-key"])
    func wrongSecret(_ secret: String) async throws {
        try await withBucket(name: "wrong-\(UUID().uuidString.lowercased())", secretKey: secret) { store in
            let error = await #expect(throws: ObjectStoreError.self) { try await store.checkWritable() }
            guard case .unavailable(let reason) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reason.contains("403") && reason.contains("SignatureDoesNotMatch") && !reason.contains(secret))
        }
    }

    @Test("gives up on a server that isn't there")
    func noServer() async throws {
        let bucket = try #require(S3Bucket(url: "s3+http://127.0.0.1:1/bucket"))
        try await StoreClient.run { connections in
            let client = S3Client(
                bucket: bucket, credentials: .init(accessKey: "lyceum", secretKey: "lyceum-secret"),
                http: connections.http)
            let store = S3Store(client: client, publicAddress: nil, logger: TestStore.logger)
            await #expect(throws: ObjectStoreError.self) { try await store.size(of: ObjectKey()) }
        }
    }

    private struct Answer {
        let status: UInt
        let body: String
        let contentType: String?
        let disposition: String?
    }

    private func call(_ url: String, body: String? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        if let body {
            request.method = .PUT
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        return Answer(
            status: response.status.code, body: String(buffer: try await response.body.collect(upTo: 1 << 20)),
            contentType: response.headers.first(name: "content-type"),
            disposition: response.headers.first(name: "content-disposition"))
    }
}
