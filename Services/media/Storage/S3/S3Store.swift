import AsyncHTTPClient
import FoundationEssentials
import Logging
import NIOConcurrencyHelpers
import NIOCore

/// Objects in a bucket of any S3-compatible store (AWS, MinIO, SeaweedFS, …).
///
/// What comes in parts is an S3 multipart upload under the object's key, so that clients can be sent straight to the
/// store with presigned URLs.
struct S3Store: ObjectStore {
    let client: S3Client
    /// Where clients reach the bucket; `nil`: they don't.
    let publicAddress: S3Bucket?
    let logger: Logger
    let uploadIDs = S3UploadIDs()
    private let lastChecked = NIOLockedValueBox(ContinuousClock.Instant?.none)

    init(client: S3Client, publicAddress: S3Bucket?, logger: Logger) {
        self.client = client
        self.publicAddress = publicAddress
        self.logger = logger
    }

    func writer(for key: ObjectKey) async throws -> any ObjectWriter {
        S3Writer(key: key, client: client, logger: logger)
    }

    func size(of key: ObjectKey) async throws -> Int? {
        try await S3Store.mapped {
            do {
                let answer = try await client.send(.init(method: "HEAD", key: key.rawValue))
                return answer.headers.first(name: "content-length").flatMap(Int.init)
            } catch let failure as S3Failure where failure.isNotFound {
                return nil
            }
        }
    }

    func read(_ key: ObjectKey, _ range: Range<Int>, _ consume: (ByteBuffer) async throws -> Void) async throws {
        let field = ("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")
        let response = try await S3Store.mapped {
            do {
                return try await client.open(.init(method: "GET", key: key.rawValue, headers: [field]))
            } catch let failure as S3Failure where failure.isNotFound {
                throw ObjectStoreError.notFound(key)
            }
        }
        var missing = range.count
        var pieces = response.body.makeAsyncIterator()
        while let piece = try await S3Store.next(&pieces) {
            missing -= piece.readableBytes
            try await consume(piece)
        }
        if missing != 0 { throw ObjectStoreError.unavailable("S3: \(key.rawValue) lacks \(missing) bytes") }
    }

    func remove(_ key: ObjectKey) async throws {
        try await S3Store.mapped { _ = try await client.send(.init(method: "DELETE", key: key.rawValue)) }
    }

    func objects(in shard: ObjectShard) async throws -> [StoredObject] {
        try await S3Store.mapped {
            var objects: [StoredObject] = []
            var query = [("list-type", "2"), ("prefix", "\(shard.rawValue)/")]
            while true {
                let page = try await client.document(.init(method: "GET", query: query))
                objects += page.all("Contents").compactMap(StoredObject.init)
                guard let token = page["NextContinuationToken"], !token.isEmpty else { return objects }
                query = Array(query.prefix(2)) + [("continuation-token", token)]
            }
        }
    }

    func directURL(for call: DirectCall, until expiry: Date) async throws -> String? {
        guard let publicAddress else { return nil }
        switch call {
        case .read(let key, let contentType, let disposition):
            let query = [("response-content-type", contentType), ("response-content-disposition", disposition)]
            return client.presigned("GET", key: key.rawValue, query: query, at: publicAddress, until: expiry)
        case .putPart(let key, let number):
            guard let id = try await uploadID(of: key) else { throw ObjectStoreError.notFound(key) }
            let query = [("partNumber", String(number)), ("uploadId", id)]
            return client.presigned("PUT", key: key.rawValue, query: query, at: publicAddress, until: expiry)
        }
    }

    /// Readiness is asked every second or two: a success holds for a while.
    func checkWritable() async throws {
        if let last = lastChecked.withLockedValue({ $0 }), ContinuousClock.now - last < .seconds(15) { return }
        try await S3Store.mapped {
            _ = try await client.send(.init(method: "PUT", key: "check", body: ByteBuffer(string: "writable")))
        }
        lastChecked.withLockedValue { $0 = .now }
    }

    /// What the store refused, as ``ObjectStoreError``.
    static func mapped<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let failure as S3Failure {
            throw failure.asStoreError
        }
    }

    private static func next(_ pieces: inout HTTPClientResponse.Body.AsyncIterator) async throws -> ByteBuffer? {
        do {
            return try await pieces.next()
        } catch {
            try Task.checkCancellation()
            throw ObjectStoreError.unavailable("S3: the answer was cut off: \(error)")
        }
    }
}

extension StoredObject {
    /// `nil` for what is not ours, such as the object that ``S3Store/checkWritable()`` puts.
    fileprivate init?(_ element: S3Document) {
        guard let key = element["Key"].flatMap(ObjectKey.init(rawValue:)),
            let size = element["Size"].flatMap(Int.init), let time = element["LastModified"].flatMap(S3Store.date)
        else { return nil }
        self.init(key: key, size: size, modifiedAt: time)
    }
}
