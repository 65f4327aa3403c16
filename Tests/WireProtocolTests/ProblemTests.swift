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

    @Test("a refused prerequisite tells which concepts would form the cycle")
    func cycle() throws {
        try expectGolden(
            Problem(title: "Conflict", status: 409, cycle: ["fractions", "division"]),
            #"{"cycle":["fractions","division"],"status":409,"title":"Conflict","type":"about:blank"}"#)
    }
}
