import Foundation

extension Process {
    /// A program that holds no file of this process. Foundation closes them in a child as they are when it looks; a socket
    /// that another test opens just then would stay open for as long as the child runs, and that test see no end of it.
    static func alone(_ program: String, _ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        let script = """
            for file in /proc/$$/fd/*; do number=${file##*/}; ((number < 3)) || eval "exec $number>&-"; done; exec "$@"
            """
        process.arguments = ["-c", script, "bash", program] + arguments
        process.standardInput = FileHandle.nullDevice
        return process
    }
}
