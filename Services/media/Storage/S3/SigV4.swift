import Crypto
import FoundationEssentials

/// AWS Signature Version 4, as S3 uses it: the path is encoded once, and every request names its body's digest.
struct SigV4: Sendable {
    /// What is said of a body that is not signed.
    static let unsignedPayload = "UNSIGNED-PAYLOAD"

    let credentials: S3Credentials
    let region: String

    /// Header fields that authorise a request.
    ///
    /// - Parameters:
    ///   - path: from the first slash, not encoded.
    ///   - headers: all are signed; names in lower case, `host` among them.
    ///   - payload: hexadecimal SHA-256 of the body, or ``unsignedPayload``.
    /// - Returns: `x-amz-date`, `x-amz-content-sha256` and `authorization`.
    func fields(
        _ method: String, path: String, query: [(String, String)], headers: [(String, String)], payload: String,
        at time: Date
    ) -> [(String, String)] {
        let stamp = Stamp(time, region: region)
        let added = [("x-amz-content-sha256", payload), ("x-amz-date", stamp.time)]
        let signed = (headers + added).sorted { $0.0 < $1.0 }
        let names = signed.map(\.0).joined(separator: ";")
        let canonical = Self.canonical(
            method, path, Self.canonical(query), signed.map { "\($0):\($1)\n" }.joined(), names, payload)
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(stamp.scope), SignedHeaders=\(names), "
            + "Signature=\(signature(of: canonical, stamp))"
        return added + [("authorization", authorization)]
    }

    /// The query, encoded, that lets whoever has it make a request, with any body and only `host` signed.
    ///
    /// - Parameter seconds: for which it is valid, at most 604,800.
    func presignedQuery(
        _ method: String, path: String, query: [(String, String)], host: String, seconds: Int, at time: Date
    ) -> String {
        let stamp = Stamp(time, region: region)
        let all = Self.canonical(
            query + [
                ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
                ("X-Amz-Credential", "\(credentials.accessKey)/\(stamp.scope)"),
                ("X-Amz-Date", stamp.time), ("X-Amz-Expires", String(seconds)), ("X-Amz-SignedHeaders", "host"),
            ])
        let canonical = Self.canonical(method, path, all, "host:\(host)\n", "host", Self.unsignedPayload)
        return "\(all)&X-Amz-Signature=\(signature(of: canonical, stamp))"
    }

    /// Sorted by name, as it must be signed; it may be sent so as well.
    static func canonical(_ query: [(String, String)]) -> String {
        let encoded = query.map { (name: PercentEncoding.encode($0), value: PercentEncoding.encode($1)) }
        let sorted = encoded.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
        return sorted.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    static func encoded(path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .map { PercentEncoding.encode(String($0)) }.joined(separator: "/")
    }

    private static func canonical(
        _ method: String, _ path: String, _ query: String, _ fields: String, _ names: String, _ payload: String
    ) -> String {
        [method, encoded(path: path), query, fields, names, payload].joined(separator: "\n")
    }

    private func signature(of canonical: String, _ stamp: Stamp) -> String {
        let digest = Array(SHA256.hash(data: Data(canonical.utf8))).hexadecimal
        let text = "AWS4-HMAC-SHA256\n\(stamp.time)\n\(stamp.scope)\n\(digest)"
        var key = SymmetricKey(data: Data("AWS4\(credentials.secretKey)".utf8))
        for part in stamp.scope.split(separator: "/") {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: key))
        }
        return Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)).hexadecimal
    }

    /// When and for what a signature holds.
    private struct Stamp {
        /// `20130524T000000Z`
        let time: String
        /// `20130524/us-east-1/s3/aws4_request`
        let scope: String

        init(_ date: Date, region: String) {
            time = date.formatted(
                Date.ISO8601FormatStyle(
                    dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted, timeZone: .gmt))
            scope = "\(time.prefix(8))/\(region)/s3/aws4_request"
        }
    }
}
