/// One thing that is wrong with a configuration file, and where.
struct ConfigurationFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// From 1, where it is known.
    var line: Int?
    /// As `services.content.body_bytes`; empty for the file as a whole.
    var path: String
    var message: String

    var description: String {
        [line.map { "line \($0): " }, path.isEmpty ? nil : "\(path) "].compactMap { $0 }.joined() + message
    }
}

/// All that is wrong with a configuration file; never empty.
struct InvalidConfiguration: Error, CustomStringConvertible {
    var faults: [ConfigurationFault]

    var description: String { faults.map(\.description).joined(separator: "; ") }
}
