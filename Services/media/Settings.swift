import ServiceKit

/// What media can be told by its environment.
struct Settings: ServiceSettings {
    let process: ProcessSettings
    let database: DatabaseSettings
    let tokens: TokenSettings
    let storage: StorageSettings
    let intake: Intake.Rules
    let maintenance: MaintenanceRules
    let analyticsURL: String
    let contentURL: String
    /// Without a slash at its end; `nil` where the requests themselves tell it.
    let publicURL: String?

    init(from reader: inout SettingsReader) {
        process = ProcessSettings(from: &reader, port: 8083)
        database = DatabaseSettings(from: &reader, service: "media")
        tokens = TokenSettings(from: &reader)
        storage = StorageSettings(from: &reader)
        let maximumSize = reader.integer(
            "MAX_UPLOAD_BYTES", default: 5_000_000_000, in: 1...S3Writer.maximumSize, "Bytes that one file may have.")
        let types = reader.string(
            "ALLOWED_TYPES", default: ContentTypes.usual.joined(separator: ","),
            "Media types that are taken, separated by commas. The type is found from a file's bytes.")
        intake = Intake.Rules(maximumSize: maximumSize, allowedTypes: Self.list(types))
        maintenance = MaintenanceRules(from: &reader)
        analyticsURL = reader.url(
            "ANALYTICS_URL", schemes: ["http", "https"], default: "http://127.0.0.1:8084",
            "Where analytics listens: it is told of uploads.")
        contentURL = reader.url(
            "CONTENT_URL", schemes: ["http", "https"], default: "http://127.0.0.1:8082",
            "Where content listens: it is told of deleted files.")
        let publicURL = reader.string(
            "PUBLIC_URL", default: "",
            "Where clients reach the gateway, for signed URLs; when empty, the host that a request names.")
        self.publicURL = publicURL.isEmpty ? nil : String(publicURL.reversed().drop { $0 == "/" }.reversed())
    }

    private static func list(_ text: String) -> Set<String> {
        Set(text.lowercased().split { $0 == "," || $0 == " " }.map(String.init))
    }
}
