import Glibc

/// Why a program could not be started.
package struct SpawnError: Error, CustomStringConvertible {
    /// As posix_spawn(3) returns it, such as `ENOENT`.
    package let code: Int32

    package var description: String { String(cString: strerror(code)).lowercased() }
}
