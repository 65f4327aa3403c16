import Foundation

/// What a process holds (proc(5)).
struct Holdings: CustomStringConvertible {
    struct Unreadable: Error {}

    /// Resident memory, in kilobytes.
    let memory: Int
    /// The most that was ever resident, in kilobytes.
    let peak: Int
    let descriptors: Int
    /// Of the kernel, which calls threads so.
    let tasks: Int

    init(of process: pid_t) throws {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        guard let memory = status.firstMatch(of: /VmRSS:\s+(\d+) kB/).flatMap({ Int($0.1) }),
            let peak = status.firstMatch(of: /VmHWM:\s+(\d+) kB/).flatMap({ Int($0.1) })
        else { throw Unreadable() }
        self.memory = memory
        self.peak = peak
        descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
        tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task").count
    }

    var description: String { "\(memory) kB, \(descriptors) descriptors, \(tasks) tasks" }
}
