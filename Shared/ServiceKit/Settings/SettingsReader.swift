import Configuration
import FoundationEssentials

/// Reads a service's settings from the environment, one typed and explained variable at a time.
///
/// Nothing throws: a fault is noted and a placeholder returned, so that all faults are told at once. Whoever reads
/// must check ``faults`` before using what was read. Every variable has a `NAME_FILE` form that names a file with the
/// value (as Docker and Swarm mount secrets); to set both is a fault.
public struct SettingsReader {
    public private(set) var variables: [Variable] = []
    public private(set) var faults: [VariableFault] = []
    private let configuration: ConfigReader

    public init(environment: [String: String]) {
        configuration = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment))
    }

    public mutating func string(_ name: String, default fallback: String? = nil, _ meaning: String) -> String {
        let value = read(name, default: fallback, secret: false, meaning)
        return value ?? ""
    }

    /// A value that is never shown. No default in the source: a secret that is there is none.
    ///
    /// - Parameters:
    ///   - fallback: what does when it is not set: another secret, or nothing where none is needed.
    ///   - minimumBytes: shorter values are refused.
    public mutating func secret(
        _ name: String, default fallback: String? = nil, minimumBytes: Int, _ meaning: String
    ) -> String {
        guard let value = read(name, default: fallback, secret: true, meaning) else { return "" }
        if value.utf8.count < minimumBytes, value != fallback {
            note(name, "must have at least \(minimumBytes) bytes; make one with: openssl rand -hex 32")
        }
        return value
    }

    /// A URL whose password, if it has one, is never shown.
    public mutating func url(
        _ name: String, schemes: [String], default fallback: String? = nil, _ meaning: String
    ) -> String {
        guard let value = read(name, default: fallback, secret: false, meaning) else { return "" }
        guard schemes.contains(where: { value.hasPrefix("\($0):") }) else {
            note(name, "must be a URL that starts with \(schemes.map { "\($0):" }.joined(separator: " or "))")
            return ""
        }
        return value
    }

    public mutating func integer(
        _ name: String, default fallback: Int? = nil, in range: ClosedRange<Int>, _ meaning: String
    ) -> Int {
        guard let text = read(name, default: fallback.map(String.init), secret: false, meaning) else {
            return range.lowerBound
        }
        guard let value = Int(text), range.contains(value) else {
            note(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
            return range.lowerBound
        }
        return value
    }

    /// A time in seconds, such as `30` or `0.5`.
    public mutating func seconds(
        _ name: String, default fallback: Double, in range: ClosedRange<Double>, _ meaning: String
    ) -> Duration {
        guard let text = read(name, default: shortest(fallback), secret: false, meaning) else { return .zero }
        guard let value = Double(text), range.contains(value) else {
            note(
                name,
                "must be a number of seconds from \(shortest(range.lowerBound)) to \(shortest(range.upperBound)), "
                    + "not \"\(text)\"")
            return .seconds(range.lowerBound)
        }
        return .seconds(value)
    }

    public mutating func flag(_ name: String, default fallback: Bool, _ meaning: String) -> Bool {
        switch read(name, default: String(fallback), secret: false, meaning)?.lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        case let text:
            note(name, "must be true or false, not \"\(text ?? "")\"")
            return fallback
        }
    }

    public mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default fallback: Choice, _ meaning: String
    ) -> Choice where Choice.RawValue == String {
        guard let text = read(name, default: fallback.rawValue, secret: false, meaning) else { return fallback }
        guard let value = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            note(name, "must be one of \(choices), not \"\(text)\"")
            return fallback
        }
        return value
    }

    /// Notes a fault that only the variables together show.
    public mutating func note(_ name: String, _ message: String) {
        faults.append(VariableFault(name: name, message: message))
    }

    private mutating func read(_ name: String, default fallback: String?, secret: Bool, _ meaning: String) -> String? {
        var value = text(of: name, secret: secret)
        var source = Variable.Source.environment
        if let path = text(of: name + "_FILE", secret: false) {
            if value != nil { note(name, "is set, and \(name)_FILE too: only one of them can be meant") }
            source = .file
            do {
                value = try String(contentsOfFile: path, encoding: .utf8)
                while value?.last?.isNewline == true { value?.removeLast() }
            } catch {
                note(name + "_FILE", "names \(path), which can't be read")
                value = fallback ?? ""
            }
        }
        if value == nil {
            value = fallback
            source = fallback == nil ? .missing : .default
        }
        if value == nil { note(name, "is missing, and so is \(name)_FILE: \(meaning)") }
        let shown = value.map { secret ? "********" : Self.withoutPassword($0) } ?? ""
        variables.append(Variable(name: name, shown: shown, source: source, meaning: meaning))
        return value
    }

    private func text(of name: String, secret: Bool) -> String? {
        let key = ConfigKey(name.lowercased().split(separator: "_").map(String.init))
        let value = configuration.string(forKey: key, isSecret: secret)
        return value?.isEmpty == true ? nil : value
    }

    /// `scheme://user:password@host` with the password masked.
    private static func withoutPassword(_ text: String) -> String {
        guard let scheme = text.range(of: "://"), let at = text[scheme.upperBound...].lastIndex(of: "@"),
            let colon = text[scheme.upperBound..<at].firstIndex(of: ":")
        else { return text }
        return text[...colon] + "********" + text[at...]
    }

    private func shortest(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}
