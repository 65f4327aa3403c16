import FoundationEssentials

/// What this process holds in memory.
enum ResidentMemory {
    /// Bytes; the second field of proc(5)'s `statm` counts pages.
    static func now() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return (Int(fields[1]) ?? 0) * 4_096
    }
}
