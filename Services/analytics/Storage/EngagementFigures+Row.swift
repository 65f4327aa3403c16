import Postgres

extension EngagementFigures {
    /// NULL, as where there are no events, is 0.
    init(_ row: PostgresRow) throws {
        func number<Number: PostgresDecodable & AdditiveArithmetic>(_ column: String) throws -> Number {
            try (row[column] as Number?) ?? .zero
        }
        self.init(
            views: try number("views"), completions: try number("completions"), learners: try number("learners"),
            readings: try number("readings"), finishedReadings: try number("finished_readings"),
            timedLearners: try number("timed_learners"), seconds: try number("seconds"))
    }
}
