import Testing

@testable import Gateway

@Suite struct HealthRecordTests {
    @Test(arguments: [
        ("+", EndpointHealth.up), ("-", .down), ("", .unknown), ("+-", .up), ("+--", .down), ("+-+-+-", .up),
        ("-+", .down), ("-++", .up), ("-+-+", .down), ("+--++", .up),
    ])
    func theFirstAnswerDecidesAndLaterOnesOnlyInARow(_ answers: String, _ expected: EndpointHealth) {
        var record = HealthRecord()
        for answer in answers { record.note(success: answer == "+") }
        #expect(record.health == expected)
    }
}
