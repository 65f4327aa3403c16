import Logging
import NIOCore

/// Writes one object: what fits into a part with one call, more as a multipart upload, part by part.
struct S3Writer: ObjectWriter {
    /// Bytes in a part but the last; S3 wants 5 MiB at least, and 10,000 parts at most.
    static let partSize = 8 << 20
    static let maximumSize = partSize * 10_000

    let key: ObjectKey
    let client: S3Client
    let logger: Logger
    private var part = ByteBuffer()
    private var upload: (id: String, etags: [String])?

    init(key: ObjectKey, client: S3Client, logger: Logger) {
        self.key = key
        self.client = client
        self.logger = logger
    }

    mutating func write(_ bytes: ByteBuffer) async throws {
        var bytes = bytes
        while bytes.readableBytes > 0 {
            if part.readableBytes == Self.partSize { try await putPart() }
            let length = min(bytes.readableBytes, Self.partSize - part.readableBytes)
            if let piece = bytes.readSlice(length: length) { part.writeImmutableBuffer(piece) }
        }
    }

    mutating func finish() async throws {
        if upload == nil {
            let call = S3Client.Call(method: "PUT", key: key.rawValue, body: part)
            try await S3Store.mapped { _ = try await client.send(call) }
        } else {
            try await putPart()
            guard let upload else { return }
            try await S3Store.mapped { try await client.complete(key, uploadID: upload.id, etags: upload.etags) }
        }
    }

    /// What can't be removed is told to the log, and found by maintenance or by the store's own rules.
    mutating func abandon() async {
        guard let id = upload?.id else { return }
        await Task { [key, client, logger] in
            do {
                try await client.abort(key, uploadID: id)
            } catch {
                logger.warning("an unfinished upload stays in the store", metadata: ["error": "\(error)"])
            }
        }.value
    }

    private mutating func putPart() async throws {
        let body = part
        part = ByteBuffer()
        if upload == nil {
            upload = (try await S3Store.mapped { try await client.begin(key) }, [])
        }
        guard let upload else { return }
        let etag = try await S3Store.mapped {
            try await client.put(body, asPart: upload.etags.count + 1, of: key, uploadID: upload.id)
        }
        self.upload?.etags.append(etag)
    }
}

/// Takes one part of an object, which is kept in memory until it is whole: its digest goes before it.
struct S3PartWriter: ObjectWriter {
    let key: ObjectKey
    let uploadID: String
    let number: Int
    let client: S3Client
    private var part = ByteBuffer()

    init(key: ObjectKey, uploadID: String, number: Int, client: S3Client) {
        self.key = key
        self.uploadID = uploadID
        self.number = number
        self.client = client
    }

    mutating func write(_ bytes: ByteBuffer) async throws {
        part.writeImmutableBuffer(bytes)
    }

    mutating func finish() async throws {
        try await S3Store.mapped { _ = try await client.put(part, asPart: number, of: key, uploadID: uploadID) }
    }

    mutating func abandon() async {}
}
