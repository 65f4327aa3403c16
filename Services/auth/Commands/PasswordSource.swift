import ArgumentParser
import Glibc

/// Where a new password comes from. It is never an argument: those are in the shell's history, and every user of the
/// machine can read them.
struct PasswordSource: ParsableArguments {
    @Flag(help: "Make up a password and print it, once.")
    var generate = false

    @Flag(help: "Read the password from the first line of standard input.")
    var stdin = false

    var isGiven: Bool { generate || stdin }

    func validate() throws {
        if generate, stdin { throw ValidationError("--generate and --stdin can't go together") }
    }

    struct Password {
        let text: String
        let isGenerated: Bool

        /// Prints a password that nobody else knows yet.
        func tell() {
            if isGenerated { print("Its password is \(text)") }
        }
    }

    /// - Throws: ``CommandRefused`` for one that the rules don't allow.
    func password(for email: String) throws -> Password {
        if generate { return Password(text: Self.generated(), isGenerated: true) }
        let text = try stdin ? Self.line() : Self.asked()
        if let fault = PasswordRules.fault(in: text, email: email) {
            throw CommandRefused(description: "the password \(fault)")
        }
        return Password(text: text, isGenerated: false)
    }

    /// 100 random bits in groups that can be read out, without letters that look like digits.
    static func generated() -> String {
        let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
        let groups = (0..<4).map { _ in String((0..<5).compactMap { _ in letters.randomElement() }) }
        return groups.joined(separator: "-")
    }

    private static func line() throws -> String {
        guard let line = readLine() else { throw CommandRefused(description: "standard input has no password") }
        return line
    }

    /// Twice, without showing it.
    private static func asked() throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            throw CommandRefused(description: "there is no terminal to ask for a password; use --stdin or --generate")
        }
        let first = try ask("Password: ")
        guard try ask("Once more: ") == first else { throw CommandRefused(description: "the two differ") }
        return first
    }

    private static func ask(_ prompt: String) throws -> String {
        print(prompt, terminator: "")
        fflush(nil)
        var shown = termios()
        guard tcgetattr(STDIN_FILENO, &shown) == 0 else { throw CommandRefused(description: "the terminal is gone") }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            print()
        }
        return try line()
    }
}
