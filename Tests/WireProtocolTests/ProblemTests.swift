import Testing
import WireProtocol

@Suite("Problem")
struct ProblemTests {
    @Test("a problem has the members of RFC 9457 and the request's id")
    func problem() throws {
        try expectGolden(
            Problem(
                title: "Unprocessable Content", status: 422, detail: "The input is not valid.", requestID: "r-1",
                errors: [FieldError(field: "title", message: "must not be empty")]),
            #"{"detail":"The input is not valid.","errors":[{"field":"title","message":"must not be empty"}],"request_id":"r-1","status":422,"title":"Unprocessable Content","type":"about:blank"}"#
        )
    }
}
