/// All settings of one service. Only its initialiser reads the environment.
public protocol ServiceSettings: Sendable {
    /// What every process has: where it listens and how it logs.
    var process: ProcessSettings { get }
    /// Where `/health`, `/ready` and `/metrics` are.
    var operationsAddress: ListenAddress { get }

    init(from reader: inout SettingsReader)
}

extension ServiceSettings {
    public var operationsAddress: ListenAddress { ListenAddress(host: process.host, port: process.port) }
}

/// Whether this is somebody's machine or the real thing. `production` refuses demo accounts and weak secrets.
public enum DeploymentMode: String, Sendable, CaseIterable {
    case development, production
}
