import ServiceKit

/// The body of `POST /content/{id}/generation`.
struct GenerationBody: Decodable {
    let status: GenerationReport.Outcome
    let generationTime: Double?
    let errorMessage: String?

    /// - Throws: 422.
    func report() throws -> GenerationReport {
        var validation = Validation()
        let isPossible = (generationTime ?? 0).isFinite && (generationTime ?? 0) >= 0
        validation.check(isPossible, "generation_time", "must be a number of seconds from 0")
        if let errorMessage { validation.text(errorMessage, "error_message", in: 0...2_000) }
        validation.check(
            errorMessage == nil || status == .failed, "error_message", "goes with status failed only")
        try validation.finish()
        return GenerationReport(outcome: status, generationTime: generationTime, errorMessage: errorMessage)
    }

    enum CodingKeys: String, CodingKey {
        case status
        case generationTime = "generation_time"
        case errorMessage = "error_message"
    }
}
