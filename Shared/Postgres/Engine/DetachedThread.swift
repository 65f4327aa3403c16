import CLibPQ
import Glibc

/// A thread of its own for what blocks: the engine, dialling, cancel requests.
enum DetachedThread {
    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// - Parameter name: at most 15 bytes, as the system's tools show it.
    /// - Returns: whether the system had a thread left; else `run` is never called.
    static func start(_ name: String, _ run: @escaping @Sendable () -> Void) -> Bool {
        let body = Unmanaged.passRetained(
            Body {
                clibpq_set_thread_name(name)
                run()
            })
        var thread = pthread_t()
        let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
            return nil
        }
        guard pthread_create(&thread, nil, main, body.toOpaque()) == 0 else {
            body.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
