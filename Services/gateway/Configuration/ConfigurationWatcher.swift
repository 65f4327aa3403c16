import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the configuration file again on SIGHUP. A file with faults is refused, and what held before goes on.
struct ConfigurationWatcher: ServiceLifecycle.Service {
    let file: ConfigurationFile?
    let use: @Sendable (Configuration) -> Void
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() { reload() }
    }

    func reload() {
        guard let file else { return logger.warning("there is no GATEWAY_CONFIG to read again") }
        do {
            use(try file.read())
            logger.notice("configuration read again", metadata: ["file": "\(file.path)"])
        } catch {
            for fault in error.faults {
                logger.error("configuration refused", metadata: ["file": "\(file.path)", "fault": "\(fault)"])
            }
        }
    }
}
