import NIOCore

/// An answer of the gateway's own.
struct OwnAnswer: Sendable {
    var status: UInt16
    /// Whole header lines, each with its CR LF.
    var fields: String
    var body: ByteBuffer
    /// Where the request itself had none.
    var requestID: String?

    init(status: UInt16, fields: String, body: ByteBuffer) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// RFC 9457. `detail` and `requestID` are escaped as JSON needs it.
    init(status: UInt16, detail: String, fields: String = "", requestID: String) {
        self.status = status
        self.fields = "content-type: application/problem+json\r\n" + fields
        var body = ByteBuffer()
        body.writeString(#"{"type":"about:blank","title":"\#(Self.reason(status))","status":\#(status),"detail":""#)
        body.writeString(Self.escaped(detail))
        body.writeString(#"","request_id":""#)
        body.writeString(Self.escaped(requestID))
        body.writeString(#""}"#)
        self.body = body
        self.requestID = requestID
    }

    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x5C }) else { return text }
        return text.reduce(into: "") { result, character in
            if character == "\"" || character == "\\" { result.append("\\") }
            result.append(character)
        }
    }

    static func reason(_ status: UInt16) -> String {
        switch status {
        case 200: "OK"
        case 204: "No Content"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 417: "Expectation Failed"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Error"
        }
    }
}
