import AsyncHTTPClient
import Logging
import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import Gateway

@Suite struct EndpointDirectoryTests {
    private struct NoSuchName: Error {}

    /// What the name service says of content's host just now.
    private let answer = NIOLockedValueBox<Result<[SocketAddress], any Error>>(.success([]))

    @Test func replicasComeAndGoWithTheirNameAndStayWhileItCantBeResolved() async throws {
        let content = try #require(UpstreamAddress(url: "http://content.test:8082"))
        var timing = EndpointDirectory.Timing()
        timing.interval = .milliseconds(10)
        timing.impatientInterval = .milliseconds(10)
        timing.patience = .milliseconds(50)
        let answer = answer
        let asked = NIOLockedValueBox(0)
        let directory = EndpointDirectory(
            Configuration(upstreams: [.content: [content]], issuers: [.test]), loops: ProxyLoops(), client: .shared,
            timing: timing,
            resolve: { upstream in
                #expect(upstream == content)
                asked.withLockedValue { $0 += 1 }
                return try answer.withLockedValue { $0 }.get()
            }, logger: Logger(label: "directory", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await directory.run() }
            for ports in [[1], [1, 2, 3], [3]] {
                let replicas = try ports.map { try SocketAddress(ipAddress: "127.0.0.1", port: $0) }
                answer.withLockedValue { $0 = .success(replicas) }
                try await eventually { directory.states(.content).map(\.address) == replicas }
                answer.withLockedValue { $0 = .failure(NoSuchName()) }
                let before = asked.withLockedValue { $0 }
                try await eventually { asked.withLockedValue { $0 } > before + 2 }
                #expect(directory.states(.content).map(\.address) == replicas)
            }
            group.cancelAll()
        }
    }

    @Test func aServiceThatABusyHostMakesLateIsNotTakenForDown() async throws {
        let content = try await TestUpstream.answering()
        content.setReady(true, after: .milliseconds(1500))
        let address = try #require(UpstreamAddress(url: content.url[...]))
        let directory = EndpointDirectory(
            Configuration(upstreams: [.content: [address]], issuers: [.test]),
            loops: ProxyLoops(), client: .shared,
            logger: Logger(label: "directory", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await content.run() }
            group.addTask { try await directory.run() }
            try await eventually { directory.states(.content).map(\.health) == [.up] }
            await content.stop()
            group.cancelAll()
        }
    }

    @Test func aServiceThatAnswersLateKeepsNoNewsOfAnother() async throws {
        let (media, content) = (try await TestUpstream.answering(), try await TestUpstream.answering())
        media.setReady(true, after: .seconds(10))
        var timing = EndpointDirectory.Timing()
        timing.interval = .milliseconds(10)
        timing.patience = .seconds(60)
        let addresses = try [media, content].map { try #require(UpstreamAddress(url: $0.url[...])) }
        let directory = EndpointDirectory(
            Configuration(upstreams: [.media: [addresses[0]], .content: [addresses[1]]], issuers: [.test]),
            loops: ProxyLoops(), client: .shared, timing: timing,
            logger: Logger(label: "directory", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await media.run() }
            group.addTask { try await content.run() }
            group.addTask { try await directory.run() }
            for isReady in [true, false] {
                content.setReady(isReady)
                try await eventually { directory.states(.content).map(\.health) == [isReady ? .up : .down] }
            }
            #expect(directory.states(.media).map(\.health) == [.unknown])
            await media.stop()
            await content.stop()
            group.cancelAll()
        }
    }
}
