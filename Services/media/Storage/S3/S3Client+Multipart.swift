import NIOCore

/// The calls of a multipart upload.
extension S3Client {
    /// - Returns: the upload's id.
    func begin(_ key: ObjectKey) async throws -> String {
        let call = Call(method: "POST", key: key.rawValue, query: [("uploads", "")])
        guard let id = try await document(call)["UploadId"] else {
            throw S3Failure(call: "POST object (uploads)", status: 502, code: "no UploadId")
        }
        return id
    }

    /// - Returns: the part's entity tag.
    func put(_ part: ByteBuffer, asPart number: Int, of key: ObjectKey, uploadID: String) async throws -> String {
        let query = [("partNumber", String(number)), ("uploadId", uploadID)]
        let answer = try await send(.init(method: "PUT", key: key.rawValue, query: query, body: part))
        guard let etag = answer.headers.first(name: "etag") else {
            throw S3Failure(call: "PUT object (uploadId)", status: 502, code: "no ETag")
        }
        return etag
    }

    /// Makes the parts, which start at 1, the object. An upload that is gone while its object is there was completed by
    /// an attempt whose answer was lost.
    func complete(_ key: ObjectKey, uploadID: String, etags: [String]) async throws {
        let parts = etags.enumerated().map { index, etag in
            "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(Self.escaped(etag))</ETag></Part>"
        }
        let body = "<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>"
        do {
            _ = try await document(
                .init(
                    method: "POST", key: key.rawValue, query: [("uploadId", uploadID)],
                    headers: [("content-type", "application/xml")], body: ByteBuffer(string: body)))
        } catch let failure as S3Failure where failure.isNotFound {
            try await send(.init(method: "HEAD", key: key.rawValue))
        }
    }

    /// One that is gone is aborted already.
    func abort(_ key: ObjectKey, uploadID: String) async throws {
        do {
            try await send(.init(method: "DELETE", key: key.rawValue, query: [("uploadId", uploadID)]))
        } catch let failure as S3Failure where failure.isNotFound {
            return
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
