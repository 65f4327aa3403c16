import ServiceKit
import Testing

@Suite("Settings")
struct SettingsReaderTests {
    private enum Colour: String, CaseIterable { case red, green }

    @Test("are read typed, with defaults")
    func typed() {
        var reader = SettingsReader(environment: ["PORT": "81", "PAUSE": "0.5", "SHINE": "yes", "COLOUR": "green"])
        #expect(reader.integer("PORT", default: 80, in: 0...65_535, "A port.") == 81)
        #expect(reader.seconds("PAUSE", default: 1, in: 0...10, "A pause.") == .milliseconds(500))
        #expect(reader.flag("SHINE", default: false, "A light.") == true)
        #expect(reader.choice("COLOUR", default: Colour.red, "A colour.") == .green)
        #expect(reader.string("NAME", default: "lyceum", "A name.") == "lyceum")
        #expect(reader.faults.isEmpty)
        #expect(reader.variables.map(\.source) == [.environment, .environment, .environment, .environment, .default])
    }

    @Test("tell every fault at once")
    func faults() {
        var reader = SettingsReader(environment: ["PORT": "many", "PAUSE": "-1", "SHINE": "maybe", "COLOUR": "blue"])
        _ = reader.integer("PORT", default: 80, in: 0...65_535, "A port.")
        _ = reader.seconds("PAUSE", default: 1, in: 0...10, "A pause.")
        _ = reader.flag("SHINE", default: false, "A light.")
        _ = reader.choice("COLOUR", default: Colour.red, "A colour.")
        _ = reader.url("DATABASE_URL", schemes: ["postgres"], "Where the database is.")
        _ = reader.secret("SECRET", minimumBytes: 32, "A secret.")
        #expect(reader.faults.map(\.name) == ["PORT", "PAUSE", "SHINE", "COLOUR", "DATABASE_URL", "SECRET"])
    }

    @Test("never show a secret, nor a URL's password")
    func masked() {
        let secret = "0123456789abcdef0123456789abcdef"
        var reader = SettingsReader(environment: [
            "SECRET": secret, "DATABASE_URL": "postgres://user:hunter2@db/x?sslmode=require",
        ])
        #expect(reader.secret("SECRET", minimumBytes: 32, "A secret.") == secret)
        #expect(
            reader.url("DATABASE_URL", schemes: ["postgres"], "Where.")
                == "postgres://user:hunter2@db/x?sslmode=require")
        #expect(reader.variables.map(\.shown) == ["********", "postgres://user:********@db/x?sslmode=require"])
    }

    @Test("refuse a short secret")
    func shortSecret() {
        var reader = SettingsReader(environment: ["SECRET": "short"])
        _ = reader.secret("SECRET", minimumBytes: 32, "A secret.")
        #expect(reader.faults.count == 1)
    }

    @Test("take the value from the file that NAME_FILE names")
    func file() throws {
        let path = try TemporaryFile.write("0123456789abcdef0123456789abcdef\n")
        var reader = SettingsReader(environment: ["SECRET_FILE": path])
        #expect(reader.secret("SECRET", minimumBytes: 32, "A secret.") == "0123456789abcdef0123456789abcdef")
        #expect(reader.variables.first?.source == .file)
    }

    @Test("refuse a value beside the file, for one of them is not what was meant")
    func both() throws {
        let path = try TemporaryFile.write("from the file")
        var reader = SettingsReader(environment: ["NAME": "from the environment", "NAME_FILE": path])
        _ = reader.string("NAME", default: "", "A name.")
        #expect(reader.faults.map(\.name) == ["NAME"])
        #expect(reader.faults.first?.message.contains("NAME_FILE") == true)
    }

    @Test("take an empty value for none, as Compose passes what is not set")
    func empty() throws {
        let path = try TemporaryFile.write("from the file")
        var reader = SettingsReader(environment: ["NAME": "", "NAME_FILE": path, "OTHER": "here", "OTHER_FILE": ""])
        #expect(reader.string("NAME", default: "", "A name.") == "from the file")
        #expect(reader.string("OTHER", default: "", "Another.") == "here")
        #expect(reader.faults.isEmpty)
    }

    @Test("name a file that can't be read")
    func missingFile() {
        var reader = SettingsReader(environment: ["SECRET_FILE": "/nowhere/at/all"])
        _ = reader.secret("SECRET", minimumBytes: 1, "A secret.")
        #expect(reader.faults.first?.name == "SECRET_FILE")
    }
}
