import FoundationEssentials
import Glibc

/// Memory, CPU time and open files of this process, read when somebody asks (proc(5)).
enum ProcessMetrics {
    static func record(in registry: PrometheusRegistry) {
        var usage = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            registry.makeMeter(label: "process_cpu_seconds_total", dimensions: [])
                .set(seconds(usage.ru_utime) + seconds(usage.ru_stime))
        }
        if let pages = residentPages() {
            registry.makeMeter(label: "process_resident_memory_bytes", dimensions: [])
                .set(Double(pages * Int(sysconf(Int32(_SC_PAGESIZE)))))
        }
    }

    private static func residentPages() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }
}
