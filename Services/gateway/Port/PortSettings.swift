import ServiceKit

/// Every variable that `gateway hold-port` reads.
struct PortSettings: ServiceSettings {
    var process: ProcessSettings
    /// A Unix socket's path.
    var holder: String

    init(from reader: inout SettingsReader) {
        process = ProcessSettings(from: &reader, port: 8080)
        holder = Self.holder(&reader)
        if holder.isEmpty {
            reader.note("PORT_HOLDER", "must be a path for a Unix socket, such as /run/lyceum/port.sock")
        }
    }

    /// As the gateway that asks there reads it, too.
    static func holder(_ reader: inout SettingsReader) -> String {
        reader.string(
            "PORT_HOLDER", default: "",
            "Unix socket of `gateway hold-port`, whose port is accepted on besides; empty: on HOST and PORT only.")
    }
}
