import ServiceKit

/// What the analytics service can be told.
struct Settings: ServiceSettings {
    let process: ProcessSettings
    let database: DatabaseSettings
    let tokens: TokenSettings

    init(from reader: inout SettingsReader) {
        process = ProcessSettings(from: &reader, port: 8084)
        database = DatabaseSettings(from: &reader, service: AnalyticsService.name)
        tokens = TokenSettings(from: &reader)
    }
}
