import Glibc

/// Runs a parser that recurses as deep as its text is nested: where stacks are small, a text of a few lines would end
/// the process.
enum LargeStack {
    private static let size = 64 << 20

    /// Runs `body` on a thread with a stack of 64 MiB and waits for it; nil when no thread can be had.
    static func run<Value>(_ body: () -> Value) -> Value? {
        var value: Value?
        withoutActuallyEscaping({ value = body() }) { run(Body($0)) }
        return value
    }

    private static func run(_ body: Body) {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        pthread_attr_init(attributes)
        defer {
            pthread_attr_destroy(attributes)
            attributes.deallocate()
        }
        pthread_attr_setstacksize(attributes, size)
        var thread: pthread_t = 0
        let status = pthread_create(
            &thread, attributes,
            { pointer in
                if let pointer { Unmanaged<Body>.fromOpaque(pointer).takeUnretainedValue().run() }
                return nil
            }, Unmanaged.passUnretained(body).toOpaque())
        guard status == 0 else { return }
        pthread_join(thread, nil)
        withExtendedLifetime(body) {}
    }

    /// Carries a closure through `pthread_create`.
    private final class Body {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }
}
