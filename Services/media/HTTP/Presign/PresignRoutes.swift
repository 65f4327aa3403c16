import FoundationEssentials
import Hummingbird
import ServiceKit
import WireProtocol

/// `POST /media/{id}/presign`: a URL with which anybody can read one file for a while.
struct PresignRoutes: Sendable {
    /// Seconds; a week at most, as S3 has it.
    static let lifetimes = 1...604_800
    static let usualLifetime = 900

    let library: MediaLibrary
    let signedURLs: SignedURLs

    var routes: [Route] {
        [Route(.post, "/media/{id}/presign", .user, presign)]
    }

    private struct Wish: Decodable {
        let expires_in: Int?
    }

    private struct Grant: Encodable {
        let url: String
        let expires_at: Date
    }

    @Sendable private func presign(_ request: Request, _ context: APIContext) async throws -> Response {
        let item = try await library.item(try context.parameter("id"), for: context.caller)
        let wish: Wish = try await request.decode()
        let lifetime = wish.expires_in ?? Self.usualLifetime
        guard Self.lifetimes.contains(lifetime) else {
            throw HTTPProblem.invalid(
                "expires_in", "must be from \(Self.lifetimes.lowerBound) to \(Self.lifetimes.upperBound) seconds")
        }
        let expiry = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down) + Double(lifetime))
        let call = DirectCall.read(
            item.file.key, contentType: item.servedType, disposition: item.disposition(download: false).description)
        let url =
            try await library.objects.directURL(for: call, until: expiry)
            ?? signedURLs.url(for: .get, item.location + "/content", until: expiry, asked: request)
        return try .json(Grant(url: url, expires_at: expiry))
    }
}
