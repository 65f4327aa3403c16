import HTTPTypes

/// The cookie that marks a device as known to an account (RFC 6265). It is sent to auth only, and no script can read it.
struct DeviceCookie: Sendable {
    private static let name = "lyceum_device"

    let devices: KnownDevices
    /// Whether it is for HTTPS only.
    let isSecure: Bool

    /// Of a `Set-Cookie` field; a year is long enough to find the way back after the holidays.
    func field(for user: User) -> String {
        "\(Self.name)=\(devices.mark(for: user.id)); Path=/auth; Max-Age=31536000; HttpOnly; SameSite=Strict"
            + (isSecure ? "; Secure" : "")
    }

    static func value(in headers: HTTPFields) -> String? {
        for field in headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                if parts.count == 2, parts[0].filter({ $0 != " " }) == name { return String(parts[1]) }
            }
        }
        return nil
    }
}
