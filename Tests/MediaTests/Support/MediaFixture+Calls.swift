import FoundationEssentials
import HTTPTypes
import HummingbirdTesting
import NIOCore
import WireProtocol

@testable import Media

extension MediaFixture {
    /// A call with the answer's body collected.
    @discardableResult
    func call(
        _ method: HTTPRequest.Method, _ path: String, token: String? = nil, headers: HTTPFields = [:],
        body: ByteBuffer? = nil
    ) async throws -> TestResponse {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token)" }
        return try await client.execute(uri: path, method: method, headers: headers, body: body)
    }

    func call(_ method: HTTPRequest.Method, _ path: String, token: String?, json: String, headers: HTTPFields = [:])
        async throws -> TestResponse
    {
        var headers = headers
        headers[.contentType] = "application/json"
        return try await call(method, path, token: token, headers: headers, body: ByteBuffer(string: json))
    }

    func upload(_ form: TestForm, token: String, headers: HTTPFields = [:]) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = TestForm.contentType
        return try await call(.post, "/media", token: token, headers: headers, body: ByteBuffer(bytes: form.bytes))
    }

    /// Uploads for the fixture's owner.
    func item(
        _ content: String = "a text", filename: String = "a.txt", _ visibility: Visibility = .private,
        knowledgeID: Int? = nil
    ) async throws -> UploadedMedia {
        var form = TestForm().field("visibility", visibility.rawValue)
        if let knowledgeID { form = form.field("knowledge_id", String(knowledgeID)) }
        let answer = try await upload(form.file(Array(content.utf8), filename: filename), token: token())
        return try answer.decoded(UploadedMedia.self)
    }
}

/// What a client relies on.
struct UploadedMedia: Decodable, Equatable {
    let id: Identifier
    let filename: String
    let content_type: String
    let size: Int
    let sha256: String
    let visibility: String
    let owner_id: Identifier
    let knowledge_id: Int?
    let chapter_id: String?
    let created_at: Date

    var path: String { "/media/\(id)" }
}

extension TestResponse {
    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try WireJSON.decode(type, from: Data(body.readableBytesView))
    }

    var text: String { String(buffer: body) }

    /// The fields that a 422 names.
    var faultyFields: [String] {
        get throws { try decoded(Problem.self).errors?.map(\.field) ?? [] }
    }
}
