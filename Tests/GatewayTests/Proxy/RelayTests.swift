import NIOCore
import Testing

@testable import Gateway

@Suite struct RelayTests {
    @Test func aRequestReachesItsServiceAndTheAnswerItsClient() async throws {
        let content = try await TestUpstream.answering("hello", fields: "x-made-by: content\r\n")
        try await withGateway(content: content) { gateway in
            let answer = try await gateway.get("/knowledge/1?language=de", fields: "accept: text/plain\r\n")
            #expect(answer.status == 200)
            #expect(answer.body == "hello")
            #expect(answer["x-made-by"] == "content")
            let request = try #require(content.requests.last)
            #expect(request.startLine == "GET /knowledge/1?language=de HTTP/1.1")
            #expect(request["accept"] == "text/plain")
            #expect(request["host"] == "gateway.test")
        }
    }

    @Test func connectionsToAServiceAreUsedAgain() async throws {
        let content = try await TestUpstream.answering()
        try await withGateway(content: content) { gateway in
            for _ in 0..<20 {
                let answer = try await gateway.get("/content")
                #expect(answer.status == 200)
            }
            #expect(content.connections == 1)
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        let content = try await TestUpstream { request, connection in
            if request.target == "/content/0" { try await Task.sleep(for: .milliseconds(50)) }
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n\(request.target)")
        }
        try await withGateway(content: content) { gateway in
            try await TestConnection.open(to: gateway.address) { connection in
                let requests = (0..<9).map { "GET /content/\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }
                try await connection.send(requests.joined())
                for number in 0..<9 {
                    #expect(try await connection.readMessage().body == "/content/\(number)")
                }
            }
        }
    }

    @Test func aThousandPipelinedRefusalsNeedNoDeepStack() async throws {
        try await withGateway { gateway in
            try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 3000))
                for _ in 0..<3000 { #expect(try await connection.readMessage().status == 404) }
            }
        }
    }

    @Test func aHalfClosedClientStillGetsItsAnswers() async throws {
        let content = try await TestUpstream { request, connection in
            try await Task.sleep(for: .milliseconds(50))
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n\(request.target)")
        }
        try await withGateway(content: content) { gateway in
            let text = try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send(
                    "GET /content/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /content/2 HTTP/1.1\r\nHost: a\r\n\r\n")
                connection.finishSending()
                return try await connection.readToEnd()
            }
            #expect(text.contains("/content/1"))
            #expect(text.hasSuffix("/content/2"))
        }
    }

    @Test func headAndBodilessAnswersKeepTheConnectionInStep() async throws {
        let content = try await TestUpstream { request, connection in
            switch request.target {
            case "/content/head":
                try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n")
            case "/content/204": try await connection.send("HTTP/1.1 204 No Content\r\n\r\n")
            case "/content/304":
                try await connection.send("HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\netag: \"a\"\r\n\r\n")
            default: try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nend")
            }
        }
        try await withGateway(content: content) { gateway in
            try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send("HEAD /content/head HTTP/1.1\r\nHost: a\r\n\r\n")
                let head = try await connection.readMessage(hasBody: false)
                #expect(head["content-length"] == "5")
                try await connection.send("GET /content/204 HTTP/1.1\r\nHost: a\r\n\r\n")
                let noContent = try await connection.readMessage(hasBody: false)
                #expect(noContent.status == 204)
                #expect(noContent["content-length"] == nil)
                try await connection.send("GET /content/304 HTTP/1.1\r\nHost: a\r\n\r\n")
                let notModified = try await connection.readMessage(hasBody: false)
                #expect(notModified["etag"] == "\"a\"")
                try await connection.send("GET /content/last HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await connection.readMessage().body == "end")
            }
        }
    }

    @Test(arguments: [
        "content-length: 11\r\n\r\nhello world",
        "transfer-encoding: chunked\r\n\r\n6\r\nhello \r\n5;x=y\r\nworld\r\n0\r\nt: 1\r\n\r\n",
    ])
    func bodiesPassInEitherFraming(_ framed: String) async throws {
        let media = try await TestUpstream { request, connection in
            try await connection.send(
                "HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n\(String(request.body.utf8.count, radix: 16))\r\n"
            )
            try await connection.send("\(request.body)\r\n0\r\n\r\n")
        }
        try await withGateway(media: media) { gateway in
            let token = try await gateway.tokens.token(.student)
            let answer = try await gateway.send(
                "POST /media HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\(framed)")
            #expect(answer.status == 201)
            #expect(answer.body == "hello world")
            #expect(media.requests.last?.all("content-length").count == (framed.hasPrefix("content") ? 1 : 0))
        }
    }

    @Test func anAnswerThatEndsWithItsConnectionIsChunkedForTheClient() async throws {
        let content = try await TestUpstream { _, connection in
            try await connection.send("HTTP/1.1 200 OK\r\n\r\nuntil the end")
            connection.finishSending()
            throw TestConnection.Ended()
        }
        try await withGateway(content: content) { gateway in
            try await TestConnection.open(to: gateway.address) { connection in
                for _ in 0..<2 {
                    try await connection.send("GET /content HTTP/1.1\r\nHost: a\r\n\r\n")
                    let answer = try await connection.readMessage()
                    #expect(answer["transfer-encoding"] == "chunked")
                    #expect(answer.body == "until the end")
                }
            }
        }
    }

    @Test func anOldClientGetsPlainBytesAndTheEndOfTheConnection() async throws {
        let content = try await TestUpstream { _, connection in
            try await connection.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        }
        try await withGateway(content: content) { gateway in
            let text = try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send("GET /content HTTP/1.0\r\n\r\n")
                return try await connection.readToEnd()
            }
            #expect(text.hasSuffix("\r\n\r\nabc"))
            #expect(text.contains("connection: close\r\n"))
        }
    }

    @Test func interimAnswersPassAndAContinueIsTheGatewaysOwn() async throws {
        let content = try await TestUpstream { request, connection in
            #expect(request["expect"] == nil)
            try await connection.send(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n\(request.body)")
        }
        try await withGateway(content: content) { gateway in
            let token = try await gateway.tokens.token(.teacher)
            try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send(
                    "PUT /content/1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nContent-Length: 4\r\n"
                        + "Expect: 100-continue\r\n\r\n")
                #expect(try await connection.read(upTo: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                try await connection.send("body")
                #expect(try await connection.readMessage(hasBody: false)["link"] == "</a>")
                #expect(try await connection.readMessage().body == "body")
            }
        }
    }

    @Test func anEarlyAnswerReachesTheClientWhileItsBodyIsOnTheWay() async throws {
        let content = try await TestUpstream(readsBodies: false) { _, connection in
            try await connection.send("HTTP/1.1 413 Content Too Large\r\ncontent-length: 3\r\n\r\nbig")
            connection.finishSending()
            throw TestConnection.Ended()
        }
        try await withGateway(content: content) { gateway in
            let token = try await gateway.tokens.token(.teacher)
            try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send(
                    "POST /content HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nContent-Length: 1000000\r\n\r\n"
                )
                let answer = try await connection.readMessage()
                #expect(answer.status == 413)
                #expect(answer.body == "big")
                #expect(answer["connection"] == "close")
            }
        }
    }
}
