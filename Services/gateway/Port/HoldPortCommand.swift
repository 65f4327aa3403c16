import ArgumentParser
import Glibc
import NIOCore
import ServiceKit

struct HoldPortCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold-port",
        abstract: "Keep the public port open while gateways come and go.",
        discussion: """
            Listens on HOST and PORT, accepts nothing, and passes the listening socket to the gateways that ask at the Unix \
            socket PORT_HOLDER. They need the same PORT_HOLDER. Connections wait while no gateway runs.
            """)

    @Flag(help: "Only ask whether a holder answers; exit with 1 when none does. For a container's health check.")
    var check = false

    func run() throws {
        let (settings, logger) = try GatewayService.settings(PortSettings.self)
        if check {
            let (socket, connection) = try HeldPort(path: settings.holder).ask()
            socket.close()
            close(connection)
            return
        }
        // As the first process of a container it would otherwise ignore them (pid_namespaces(7)).
        for number in [SIGTERM, SIGINT] { signal(number) { _ in _exit(0) } }
        let address = try SocketAddress.makeAddressResolvingHost(settings.process.host, port: settings.process.port)
        let holder = try PortHolder(port: address, path: settings.holder, logger: logger)
        logger.notice("holding", metadata: ["address": "\(holder.address?.description ?? "")"])
        try holder.run()
    }
}
