import AsyncHTTPClient
import FoundationEssentials
import Logging
import NIOCore
import WireProtocol

/// The contract of the whole platform, for programs and for people. Each service tells its own; what it told is kept
/// for a while, and for as long as it can't be reached.
actor ContractPages {
    private static let freshness = Duration.seconds(30)
    private static let patience = TimeAmount.seconds(2)

    private let base: [UInt8]
    private let directory: EndpointDirectory
    private let client: HTTPClient
    private let logger: Logger
    private var contracts: [Backend: JSONValue] = [:]
    private var lookedUp: ContinuousClock.Instant?
    private var json = ByteBuffer()
    private var html = ByteBuffer()
    private var paths = PathTemplates()

    /// - Parameter base: the gateway's own contract, as YAML.
    init(base: [UInt8], directory: EndpointDirectory, client: HTTPClient, logger: Logger) {
        self.base = base
        self.directory = directory
        self.client = client
        self.logger = logger
    }

    /// - Throws: `YamlError` when the gateway's own contract can't be read.
    func asJSON() async throws -> ByteBuffer {
        try await refresh()
        return json
    }

    /// - Throws: `YamlError` when the gateway's own contract can't be read.
    func asHTML() async throws -> ByteBuffer {
        try await refresh()
        return html
    }

    /// Of the services that were ever reached.
    var templates: PathTemplates {
        get async {
            do {
                try await refresh()
            } catch {
                logger.error("contract can't be made", metadata: ["error": "\(error)"])
            }
            return paths
        }
    }

    private func refresh() async throws {
        if let lookedUp, ContinuousClock.now - lookedUp < Self.freshness,
            contracts.count == Backend.allCases.count || ContinuousClock.now - lookedUp < .seconds(2)
        {
            return
        }
        for backend in Backend.allCases {
            do {
                contracts[backend] = try JSONValue(yaml: try await read(backend))
            } catch {
                logger.warning(
                    "contract can't be read", metadata: ["backend": "\(backend.name)", "error": "\(error)"])
            }
        }
        var merged = MergedContract(base: try JSONValue(yaml: String(decoding: base, as: UTF8.self)))
        for backend in Backend.allCases {
            if let contract = contracts[backend] { merged.add(contract, of: backend.name) }
        }
        merged.spreadCommonResponses()
        json = ByteBuffer(bytes: try WireJSON.encode(merged.document))
        html = ByteBuffer(string: ContractDocument(merged.document).html)
        paths = PathTemplates(merged.document)
        lookedUp = .now
    }

    private func read(_ backend: Backend) async throws -> String {
        let states = directory.states(backend)
        guard let endpoint = states.first(where: { $0.health == .up }) ?? states.first else { throw Unreachable() }
        let request = HTTPClientRequest(url: "\(endpoint.address.url)/openapi.yaml")
        let response = try await client.execute(request, timeout: Self.patience)
        let body = try await response.body.collect(upTo: 4 << 20)
        guard response.status == .ok else { throw Unreachable(status: Int(response.status.code)) }
        return String(buffer: body)
    }
}
