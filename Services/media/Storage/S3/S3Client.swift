import AsyncHTTPClient
import Crypto
import FoundationEssentials
import NIOCore

/// Makes signed calls to one bucket, and again when the store says that it is only busy.
struct S3Client: Sendable {
    /// Seconds that one attempt may take, but for an answer's body, which its reader paces.
    static let patience = Duration.seconds(60)
    static let attempts = 4
    /// Bytes that an answer which is a document may have: a listing of 1,000 objects has half a megabyte.
    static let maximumDocument = 4 << 20

    let bucket: S3Bucket
    let signer: SigV4
    let http: HTTPClient

    init(bucket: S3Bucket, credentials: S3Credentials, http: HTTPClient) {
        self.bucket = bucket
        signer = SigV4(credentials: credentials, region: bucket.region)
        self.http = http
    }

    struct Call: Sendable {
        var method: String
        /// Of the object; empty for the bucket itself.
        var key = ""
        var query: [(String, String)] = []
        var headers: [(String, String)] = []
        var body = ByteBuffer()
    }

    /// - Returns: an answer with a status of 2xx, whose body is still to be read.
    /// - Throws: ``S3Failure``, `CancellationError`.
    func open(_ call: Call) async throws -> HTTPClientResponse {
        var pause = Duration.milliseconds(100)
        for _ in 1..<Self.attempts {
            do {
                return try await attempt(call)
            } catch let failure as S3Failure where failure.isPassing {
                try await Task.sleep(for: pause * Double.random(in: 0.5...1))
                pause *= 3
            }
        }
        return try await attempt(call)
    }

    /// Makes a call of whose answer only the header fields are of interest.
    @discardableResult func send(_ call: Call) async throws -> HTTPClientResponse {
        let response = try await open(call)
        _ = try await collect(response, of: call)
        return response
    }

    /// Makes a call whose answer is a document.
    ///
    /// - Throws: ``S3Failure`` also for an error that comes with status 200, as it may after a long call.
    func document(_ call: Call) async throws -> S3Document {
        let text = String(buffer: try await collect(try await open(call), of: call))
        do {
            let document = try S3Document(text)
            guard document.name != "Error" else {
                throw S3Failure(call: label(call), status: 500, code: document["Code"] ?? "no code")
            }
            return document
        } catch is S3DocumentFault {
            throw S3Failure(call: label(call), status: 502, code: "the answer is no document of S3's")
        }
    }

    /// A URL at which anybody can make this call until it expires.
    func presigned(_ method: String, key: String, query: [(String, String)], at address: S3Bucket, until expiry: Date)
        -> String
    {
        let now = Date()
        let path = "/\(address.name)/\(key)"
        let seconds = min(max(1, Int(expiry.timeIntervalSince(now).rounded(.up))), 604_800)
        let signed = signer.presignedQuery(
            method, path: path, query: query, host: address.host, seconds: seconds, at: now)
        return "\(address.endpoint)\(SigV4.encoded(path: path))?\(signed)"
    }

    private func attempt(_ call: Call) async throws -> HTTPClientResponse {
        let request = request(call)
        let response: HTTPClientResponse
        do {
            response = try await http.execute(request, timeout: .seconds(Int64(Self.patience.components.seconds)))
        } catch let error as CancellationError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw S3Failure(call: label(call), status: nil, code: "\(error)")
        }
        let status = Int(response.status.code)
        if (200..<300).contains(status) { return response }
        let text = String(buffer: try await collect(response, of: call))
        let code = (try? S3Document(text))?["Code"] ?? response.status.reasonPhrase
        throw S3Failure(call: label(call), status: status, code: code)
    }

    private func request(_ call: Call) -> HTTPClientRequest {
        let path = "/\(bucket.name)" + (call.key.isEmpty ? "" : "/\(call.key)")
        var hash = SHA256()
        call.body.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        let fields = signer.fields(
            call.method, path: path, query: call.query, headers: call.headers + [("host", bucket.host)],
            payload: Array(hash.finalize()).hexadecimal, at: Date())
        let query = call.query.isEmpty ? "" : "?\(SigV4.canonical(call.query))"
        var request = HTTPClientRequest(url: "\(bucket.endpoint)\(SigV4.encoded(path: path))\(query)")
        request.method = .init(rawValue: call.method)
        for (name, value) in call.headers + fields { request.headers.add(name: name, value: value) }
        if ["PUT", "POST"].contains(call.method) { request.body = .bytes(call.body) }
        return request
    }

    private func collect(_ response: HTTPClientResponse, of call: Call) async throws -> ByteBuffer {
        do {
            return try await response.body.collect(upTo: Self.maximumDocument)
        } catch {
            try Task.checkCancellation()
            throw S3Failure(call: label(call), status: nil, code: "\(error)")
        }
    }

    private func label(_ call: Call) -> String {
        let kind = call.query.first { ["uploads", "uploadId", "list-type"].contains($0.0) }?.0
        return "\(call.method) \(call.key.isEmpty ? "bucket" : "object")\(kind.map { " (\($0))" } ?? "")"
    }
}
