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
        guard case .folder(let folder) = Settings(from: &reader).storage else {
            Issue.record("\(url) is no folder")
            return
        }
        #expect(folder.string == path)
        #expect(reader.faults.isEmpty)
    }

    @Test("name a bucket, and where clients reach it")
    func bucket() {
        let environment = [
            "STORAGE_URL": "s3+http://minio:9000/lyceum-media?region=eu-1", "STORAGE_ACCESS_KEY": "lyceum",
            "STORAGE_SECRET_KEY": "a long secret", "STORAGE_PUBLIC_URL": "https://files.example.org",
        ]
        var reader = SettingsReader(environment: Self.needed.merging(environment) { $1 })
        guard case .bucket(let bucket, let credentials, let publicAddress) = Settings(from: &reader).storage else {
            Issue.record("no bucket")
            return
        }
        #expect(reader.faults.isEmpty)
        #expect(bucket.endpoint == "http://minio:9000" && bucket.name == "lyceum-media" && bucket.region == "eu-1")
        #expect(credentials.secretKey == "a long secret")
        #expect(publicAddress?.endpoint == "https://files.example.org" && publicAddress?.host == "files.example.org")
        #expect(publicAddress?.name == "lyceum-media" && publicAddress?.region == "eu-1")
    }

    @Test(
        "refuse buckets that can't be",
        arguments: [
            ["STORAGE_URL": "s3+http://minio:9000"], ["STORAGE_URL": "s3+http://minio:9000/UPPER"],
            ["STORAGE_URL": "s3+http://minio:9000/bucket/more"], ["STORAGE_URL": "s3+http://user:word@minio/bucket"],
            ["STORAGE_URL": "s3+http://minio/bucket?regoin=eu-1"], ["STORAGE_SECRET_KEY": ""],
            ["STORAGE_ACCESS_KEY": ""], ["STORAGE_PUBLIC_URL": "https://files.example.org/path"],
        ])
    func faultyBucket(_ change: [String: String]) {
        let good = [
            "STORAGE_URL": "s3+http://minio:9000/bucket", "STORAGE_ACCESS_KEY": "lyceum",
            "STORAGE_SECRET_KEY": "a long secret",
        ]
        let environment = Self.needed.merging(good) { $1 }.merging(change) { $1 }
        var reader = SettingsReader(environment: environment)
        _ = Settings(from: &reader)
        #expect(reader.faults.map(\.name) == Array(change.keys))
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
