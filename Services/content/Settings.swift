import ServiceKit

/// What the content service can be told.
struct Settings: ServiceSettings {
    let process: ProcessSettings
    let database: DatabaseSettings
    let graph: GraphSettings
    let tokens: TokenSettings
    let analyticsURL: String
    let maximumBulkBytes: Int
    /// How long deleted texts can be restored.
    let trashRetention: Duration

    init(from reader: inout SettingsReader) {
        process = ProcessSettings(from: &reader, port: 8082)
        database = DatabaseSettings(from: &reader, service: ContentService.name)
        graph = GraphSettings(from: &reader)
        tokens = TokenSettings(from: &reader)
        analyticsURL = reader.url(
            "ANALYTICS_URL", schemes: ["http", "https"], default: "http://127.0.0.1:8084",
            "Where analytics listens: it is told of every change, and tells learners what they have completed.")
        maximumBulkBytes = reader.integer(
            "BULK_MAX_BYTES", default: 110_000_000, in: 1_000...10_000_000_000,
            "Bytes that the body of POST /content/bulk may have.")
        trashRetention = .seconds(
            86_400
                * reader.integer(
                    "TRASH_DAYS", default: 30, in: 1...3_650, "Days for which deleted texts can be restored."))
    }
}
