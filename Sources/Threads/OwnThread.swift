import Glibc

/// Runs `body` on a thread of its own and suspends until it is done: for blocking work that must not hold
/// a thread of the cooperative pool.
///
/// - Throws: what `body` throws.
package func onOwnThread<Value: Sendable, Failure: Error>(
    _ body: @escaping @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
        startThread {
            do throws(Failure) {
                continuation.resume(returning: .success(try body()))
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
    }
    return try result.get()
}

/// Runs `body` once on a thread that nothing else runs on meanwhile, with a stack of 1 MiB: one that waits for work, or
/// a new one.
package func startThread(_ body: @escaping @Sendable () -> Void) {
    if IdleThreads.shared.run(body) { return }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 1 << 20)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let box = Unmanaged.passRetained(ThreadBody(body))
    let status = pthread_create(
        &thread, &attributes,
        { box in
            Unmanaged<ThreadBody>.fromOpaque(box!).takeRetainedValue().run()
            while let body = IdleThreads.shared.next() { body() }
            return nil
        }, box.toOpaque())
    precondition(status == 0, "cannot start a thread: \(String(cString: strerror(status)))")
}

/// Carries a closure through `pthread_create`.
private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
