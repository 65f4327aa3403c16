import FoundationEssentials
import NIOCore

extension S3Store {
    /// One part that the store has.
    private struct Part {
        let number: Int
        let size: Int
        let etag: String
        let modifiedAt: Date
    }

    func beginParts(of key: ObjectKey) async throws {
        uploadIDs.keep(try await S3Store.mapped { try await client.begin(key) }, of: key)
    }

    func partWriter(for key: ObjectKey, number: Int) async throws -> any ObjectWriter {
        guard let id = try await uploadID(of: key) else { throw ObjectStoreError.notFound(key) }
        return S3PartWriter(key: key, uploadID: id, number: number, client: client)
    }

    func parts(of key: ObjectKey) async throws -> [Int: Int] {
        guard let id = try await uploadID(of: key) else { return [:] }
        return Dictionary(uniqueKeysWithValues: try await parts(of: key, id).map { ($0.number, $0.size) })
    }

    /// - Throws: ``ObjectStoreError/notFound(_:)`` when parts are missing.
    func joinParts(of key: ObjectKey, count: Int) async throws {
        guard let id = try await uploadID(of: key) else { throw ObjectStoreError.notFound(key) }
        let parts = try await parts(of: key, id).filter { $0.number <= count }
        guard parts.map(\.number) == Array(1...count) else { throw ObjectStoreError.notFound(key) }
        try await S3Store.mapped {
            try await client.complete(key, uploadID: id, etags: parts.map(\.etag))
        }
        uploadIDs.forget(key)
    }

    func discardParts(of key: ObjectKey) async throws {
        try await S3Store.mapped {
            for id in try await pendingUploads(prefix: key.rawValue).filter({ $0.key == key }).map(\.id) {
                try await client.abort(key, uploadID: id)
            }
        }
        uploadIDs.forget(key)
    }

    /// Some stores list such uploads only for a key that one knows (MinIO): they remove old ones themselves.
    func removeUnfinished(before time: Date, live: Set<ObjectKey>, dryRun: Bool) async throws -> Int {
        try await S3Store.mapped {
            let old = try await pendingUploads(prefix: "").filter { $0.initiated < time && !live.contains($0.key) }
            if !dryRun { for upload in old { try await client.abort(upload.key, uploadID: upload.id) } }
            return old.count
        }
    }

    /// The multipart upload under a key; `nil` when there is none. Another replica may have begun it.
    func uploadID(of key: ObjectKey) async throws -> String? {
        if let id = uploadIDs.id(of: key) { return id }
        return try await S3Store.mapped {
            let ids = try await pendingUploads(prefix: key.rawValue).filter { $0.key == key }.map(\.id)
            // All replicas must choose the same, should there be several.
            guard let id = ids.min() else { return nil }
            uploadIDs.keep(id, of: key)
            return id
        }
    }

    private struct PendingUpload {
        let key: ObjectKey
        let id: String
        let initiated: Date
    }

    private func pendingUploads(prefix: String) async throws -> [PendingUpload] {
        var uploads: [PendingUpload] = []
        var marker: [(String, String)] = []
        while true {
            let page = try await client.document(
                .init(method: "GET", query: [("uploads", ""), ("prefix", prefix)] + marker))
            uploads += page.all("Upload").compactMap { upload in
                guard let key = upload["Key"].flatMap(ObjectKey.init(rawValue:)), let id = upload["UploadId"],
                    let initiated = upload["Initiated"].flatMap(S3Store.date)
                else { return nil }
                return PendingUpload(key: key, id: id, initiated: initiated)
            }
            guard page["IsTruncated"] == "true", let key = page["NextKeyMarker"], let id = page["NextUploadIdMarker"]
            else { return uploads }
            marker = [("key-marker", key), ("upload-id-marker", id)]
        }
    }

    /// In the order of their numbers; none when the upload is over.
    private func parts(of key: ObjectKey, _ uploadID: String) async throws -> [Part] {
        try await S3Store.mapped {
            var parts: [Part] = []
            var marker: [(String, String)] = []
            while true {
                let call = S3Client.Call(method: "GET", key: key.rawValue, query: [("uploadId", uploadID)] + marker)
                let page: S3Document
                do {
                    page = try await client.document(call)
                } catch let failure as S3Failure where failure.isNotFound {
                    uploadIDs.forget(key)
                    return []
                }
                parts += page.all("Part").compactMap { part in
                    guard let number = part["PartNumber"].flatMap(Int.init), let size = part["Size"].flatMap(Int.init),
                        let etag = part["ETag"], let time = part["LastModified"].flatMap(S3Store.date)
                    else { return nil }
                    return Part(number: number, size: size, etag: etag, modifiedAt: time)
                }
                guard page["IsTruncated"] == "true", let next = page["NextPartNumberMarker"] else {
                    return Self.latest(parts)
                }
                marker = [("part-number-marker", next)]
            }
        }
    }

    /// One part a number: some stores list those as well that others took the place of (SeaweedFS).
    private static func latest(_ parts: [Part]) -> [Part] {
        Dictionary(parts.map { ($0.number, $0) }) { $0.modifiedAt > $1.modifiedAt ? $0 : $1 }
            .values.sorted { $0.number < $1.number }
    }

    /// Times in S3's answers: `2009-10-12T17:50:30.000Z`.
    static func date(_ text: String) -> Date? {
        if let date = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) {
            return date
        }
        return try? Date(text, strategy: .iso8601)
    }
}
