import Foundation
import ServiceKitTesting
import Testing
import WireProtocol

extension EndToEnd {
    /// SIGTERM: what runs is finished, then the process goes.
    @Suite(.local) struct GracefulStop {
        let platform: LocalPlatform
        let teacher: APIClient

        init() async throws {
            platform = try .current
            teacher = try await platform.visitor.loggedIn(as: DemoData.teacher)
        }

        @Test("Uploads in the middle of their way are finished", arguments: [Platform.Service.media, .gateway])
        func uploads(service: Platform.Service) async throws {
            let count = 8
            let underway = Meeting(of: count)
            let uploads = Task {
                try await withThrowingTaskGroup(of: Answer.self) { group in
                    for number in 1...count {
                        let upload = Upload(
                            Upload.picture(bytes: 200_000 + number), name: "\(number).png", visibility: "public")
                        group.addTask { [teacher] in try await upload.send(by: teacher) { await underway.arrive() } }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
            }
            await underway.everyoneIsHere()
            try await eventually("media has begun with all of them") {
                try await APIClient(base: platform.url(of: .media)).get("/metrics").text
                    .contains("http_requests_in_flight \(count + 1)\n")
            }
            let pid = try platform.processID(of: service)
            try platform.terminate(service)
            try await eventually("\(service.rawValue) takes nothing new") {
                try await !platform.answers(service)
            }
            await underway.goOn()
            let answers = try await uploads.value
            #expect(answers.map(\.status) == Array(repeating: 201, count: count), "\(answers)")
            try await eventually("\(service.rawValue) has ended") { !LocalPlatform.isAlive(pid) }
            try await platform.stop(service)
            try await platform.start(service)
        }
    }
}

/// Where tasks wait for one another.
private actor Meeting {
    private var missing: Int
    private var isOver = false
    private var host: CheckedContinuation<Void, Never>?
    private var guests: [CheckedContinuation<Void, Never>] = []

    init(of count: Int) {
        missing = count
    }

    func arrive() async {
        missing -= 1
        if missing == 0 { host?.resume() }
        if !isOver { await withCheckedContinuation { guests.append($0) } }
    }

    func everyoneIsHere() async {
        if missing > 0 { await withCheckedContinuation { host = $0 } }
    }

    func goOn() {
        isOver = true
        for guest in guests { guest.resume() }
        guests = []
    }
}
