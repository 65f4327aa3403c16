import FoundationEssentials
import Logging
import WireProtocol

/// One JSON object a line on standard error, made for collectors: `time`, `level`, `service`, `message`, then the
/// metadata's own keys.
struct JSONLogHandler: LogHandler {
    let label: String
    let service: String
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, service: String, level: Logger.Level) {
        self.label = label
        self.service = service
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = JSONLine()
        line.append("time", Timestamp.text(of: Date()))
        line.append("level", event.level.rawValue)
        line.append("service", service)
        line.append("message", event.message.description)
        if label != service { line.append("logger", label) }
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let own = event.metadata { all.merge(own) { _, new in new } }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) where key != "hb.request.id" {
            line.append(key, value)
        }
        StandardError.write(line.finished())
    }
}
