public import Hummingbird
import WireProtocol

extension Response {
    /// `value` in the one JSON form of ``WireJSON``.
    public static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) throws -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(
            status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(data: try WireJSON.encode(value))))
    }

    /// 201 with the place of what was made.
    public static func created(_ value: some Encodable, at location: String, headers: HTTPFields = [:]) throws
        -> Response
    {
        var headers = headers
        headers[.location] = location
        return try json(value, status: .created, headers: headers)
    }

    public static var noContent: Response { Response(status: .noContent) }

    static func problem(_ problem: HTTPProblem, requestID: String) -> Response {
        var headers = problem.headers
        headers[.contentType] = Problem.mediaType
        headers[.cacheControl] = "no-store"
        do {
            let body = try WireJSON.encode(problem.problem(requestID: requestID))
            return Response(status: problem.status, headers: headers, body: .init(byteBuffer: ByteBuffer(data: body)))
        } catch {
            return Response(status: problem.status, headers: problem.headers)
        }
    }
}
