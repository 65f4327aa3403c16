import ArgumentParser
import FoundationEssentials

extension ExitCode {
    /// EX_CONFIG of sysexits.h: something in the configuration is wrong.
    static let configuration = ExitCode(78)
}

extension ServiceSettings {
    /// - Throws: `ExitCode` 78 after all faults were told on standard error.
    static func fromEnvironment() throws -> Self {
        var reader = SettingsReader(environment: ProcessInfo.processInfo.environment)
        let settings = Self(from: &reader)
        try reader.requireFaultless()
        return settings
    }
}

extension SettingsReader {
    /// - Throws: `ExitCode` 78 after all faults were told on standard error.
    func requireFaultless() throws {
        guard !faults.isEmpty else { return }
        StandardError.write("\(faults.count) setting(s) to mend:\n")
        for fault in faults { StandardError.write("  \(fault)\n") }
        throw ExitCode.configuration
    }
}
