import Glibc

/// Where what is not a command's result goes.
public enum StandardError {
    /// One `write(2)`, so that lines of several threads don't mix.
    public static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
}
