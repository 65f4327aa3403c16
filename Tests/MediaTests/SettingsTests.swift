import FoundationEssentials
import ServiceKit
import Testing

@testable import Media

@Suite("Media's settings")
struct SettingsTests {
    private static let needed = [
        "DATABASE_URL": "postgres://localhost/x", "INTERNAL_SECRET": String(repeating: "x", count: 32),
    ]

    @Test(
        "name the store's folder absolutely",
        arguments: [
            ("file:/srv/media", "/srv/media"), ("file:///srv/media", "/srv/media"),
            ("file:.local/../media", FileManager.default.currentDirectoryPath + "/media"),
        ])
    func folder(_ url: String, _ path: String) {
        var reader = SettingsReader(environment: Self.needed.merging(["STORAGE_URL": url]) { $1 })
        #expect(Settings(from: &reader).storage.string == path)
        #expect(reader.faults.isEmpty)
    }

    @Test("refuse stores that there are none of")
    func otherStores() {
        var reader = SettingsReader(environment: Self.needed.merging(["STORAGE_URL": "s3://bucket"]) { $1 })
        _ = Settings(from: &reader)
        #expect(reader.faults.map(\.name) == ["STORAGE_URL"])
    }

    @Test("read types, limits and times")
    func values() {
        let environment = [
            "ALLOWED_TYPES": "image/png, TEXT/plain", "MAX_UPLOAD_BYTES": "10", "MEDIA_RETENTION_DAYS": "0",
            "PUBLIC_URL": "https://school.example/",
        ]
        var reader = SettingsReader(environment: Self.needed.merging(environment) { $1 })
        let settings = Settings(from: &reader)
        #expect(settings.intake.allowedTypes == ["image/png", "text/plain"] && settings.intake.maximumSize == 10)
        #expect(settings.maintenance.retentionDays == nil && settings.maintenance.grace == .seconds(86_400))
        #expect(settings.publicURL == "https://school.example")
    }
}
