import AsyncHTTPClient
import FoundationEssentials
import Logging
import NIOCore
import ServiceKit
import WireProtocol

/// Sends samples to analytics, as events, in batches. A batch that analytics does not take is dropped: it has more
/// important things to do than to catch up with these.
struct SampleReporter: Sendable {
    static let batch = 500

    let queue: SampleQueue
    let directory: EndpointDirectory
    let contract: ContractPages
    let serviceTokens: ServiceTokens
    let client: HTTPClient

    func service(every interval: Duration, logger: Logger) -> RecurringWork {
        RecurringWork(every: interval, whenFailing: "performance samples can't be sent", logger: logger, sendAll)
    }

    /// - Throws: ``Unreachable``, and what the connection throws.
    @Sendable func sendAll() async throws {
        var samples = queue.take(atMost: Self.batch)
        guard !samples.isEmpty else { return }
        let templates = await contract.templates
        while !samples.isEmpty {
            do {
                try await send(samples, templates)
            } catch {
                queue.noteDropped(samples.count)
                throw error
            }
            samples = queue.take(atMost: Self.batch)
        }
    }

    private func send(_ samples: [PerformanceSample], _ templates: PathTemplates) async throws {
        let events = samples.map { sample in
            Event(
                occurredAt: Date(timeIntervalSince1970: Double(sample.time)),
                .operationCompleted(
                    OperationCompleted(
                        service: sample.service.name,
                        operationType: templates.operation(sample.method, sample.path), duration: sample.duration,
                        success: sample.status < 500, errorCount: sample.status < 500 ? 0 : 1)))
        }
        guard let endpoint = directory.states(.analytics).first(where: { $0.health == .up }) else {
            throw Unreachable()
        }
        var request = HTTPClientRequest(url: "\(endpoint.address.url)/internal/events")
        request.method = .POST
        request.headers.add(name: "authorization", value: "Bearer \(try await serviceTokens.make())")
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try WireJSON.encode(EventBatch(events: events))))
        let response = try await client.execute(request, timeout: .seconds(5))
        for try await _ in response.body {}
        guard response.status == .ok else { throw Unreachable(status: Int(response.status.code)) }
    }
}
