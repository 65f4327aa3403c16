import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import Gateway

@Suite struct ShutdownTests {
    @Test func goingDownUnderLoadDropsNoRequest() async throws {
        let content = try await TestUpstream { _, connection in
            try await Task.sleep(for: .milliseconds(20))
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        }
        try await withGateway(content: content, threads: 2) { gateway in
            let served = NIOLockedValueBox(0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        try await TestConnection.open(to: gateway.address) { connection in
                            while true {
                                try await connection.send("GET /content HTTP/1.1\r\nHost: a\r\n\r\n")
                                let answer = try await connection.readMessage()
                                #expect(answer.status == 200)
                                served.withLockedValue { $0 += 1 }
                                if answer["connection"] == "close" { return }
                            }
                        }
                    }
                }
                try await eventually { served.withLockedValue { $0 } > 100 }
                await gateway.stop()
                try await group.waitForAll()
            }
        }
    }

    @Test func aRunningDownloadIsFinished() async throws {
        let media = try await TestUpstream { _, connection in
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nha")
            try await Task.sleep(for: .milliseconds(500))
            try await connection.send("lf")
        }
        try await withGateway(media: media) { gateway in
            try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send("GET /media/1/content HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await connection.readMessage(hasBody: false)
                await gateway.stop()
                #expect(try await connection.readToEnd() == "half")
            }
        }
    }
}
