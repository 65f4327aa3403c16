import Foundation
import ServiceKitTesting
import Testing

extension EndToEnd {
    /// auth is killed at one point of a refresh after the other.
    @Suite(.local) struct KilledRefresh {
        let platform: LocalPlatform

        init() throws {
            platform = try .current
        }

        @Test("Wherever auth is killed during a refresh, its client goes on with the old token or the new one")
        func sweep() async throws {
            let direct = APIClient(base: platform.url(of: .auth))
            var account = try await SignedUp(platform.visitor)
            var (cut, answered) = (0, 0)
            for step in 0..<16 {
                let presented = account.refreshToken
                async let answer = try? direct.post("/auth/refresh", ["refresh_token": .string(presented)])
                // A refresh takes some ms: from before it has begun to after its end.
                try await Task.sleep(for: .microseconds(700 * step))
                try platform.kill(.auth)
                let first = await answer
                if first?.status == 200 { answered += 1 } else { cut += 1 }
                try await platform.start(.auth)
                let token = first.flatMap { try? SignedUp($0).refreshToken } ?? presented
                account = try SignedUp(try await direct.post("/auth/refresh", ["refresh_token": .string(token)]))
                #expect(try await direct.with(token: account.token).get("/auth/me").status == 200)
            }
            // Otherwise it was not the refresh that was hit.
            #expect(cut > 0, "\(answered) of 16 were answered")
            try await eventually("health is restored") { try await platform.visitor.get("/health").status == 200 }
        }
    }
}
