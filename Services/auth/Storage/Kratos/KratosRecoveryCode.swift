import FoundationEssentials

/// What lets an administrator, or whoever gets it from one, into an account of Kratos: a code, and the flow to show it in.
struct KratosRecoveryCode: Sendable {
    struct Answer: Decodable {
        var link: String
        var code: String

        enum CodingKeys: String, CodingKey {
            case link = "recovery_link"
            case code = "recovery_code"
        }
    }

    let flow: String
    let code: String

    /// `nil` when the link, which is to Kratos's page for recovery, names no flow.
    init?(_ answer: Answer) {
        let items = URLComponents(string: answer.link)?.queryItems
        guard let flow = items?.first(where: { $0.name == "flow" })?.value else { return nil }
        self.flow = flow
        code = answer.code
    }
}
