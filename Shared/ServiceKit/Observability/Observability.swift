import Logging
import Metrics

/// Sets up logging and metrics for the process, once, before anything else.
enum Observability {
    static func bootstrap(service: String, _ settings: ProcessSettings) -> Logger {
        let level = settings.logLevel
        switch settings.logFormat {
        case .json:
            LoggingSystem.bootstrap { label in
                JSONLogHandler(label: label, service: service, level: level)
            }
        case .console:
            LoggingSystem.bootstrap { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = level
                return handler
            }
        }
        MetricsSystem.bootstrap(PrometheusRegistry.shared)
        return Logger(label: service)
    }
}
