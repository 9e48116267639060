/// Which connections of a pool are free, and who waits for one. A value: the pool guards it with a lock and resumes
/// outside of it whatever it hands back.
struct ConnectionQueue {
    typealias Waiter = CheckedContinuation<Result<DatabaseConnection, DatabaseError>, Never>

    enum Step {
        case use(DatabaseConnection)
        case open
        case wait
        case closed
    }

    private let size: Int
    private var opened = 0
    private var free: [DatabaseConnection] = []
    private var waiters: [(id: Int, waiter: Waiter)] = []
    private(set) var isClosed = false
    private var closers: [CheckedContinuation<Void, Never>] = []

    init(size: Int) { self.size = size }

    var waiterCount: Int { waiters.count }
    var freeCount: Int { free.count }

    /// What the next user does: take the connection used last (its caches are warm), open one, or wait.
    mutating func next() -> Step {
        if isClosed { return .closed }
        if let connection = free.popLast() { return .use(connection) }
        if opened == size { return .wait }
        opened += 1
        return .open
    }

    mutating func add(_ waiter: Waiter, id: Int) { waiters.append((id, waiter)) }

    /// Takes a waiter out; nil when it is not waiting any more.
    mutating func removeWaiter(_ id: Int) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return waiters.remove(at: index).waiter
    }

    /// Takes a connection back. Returns the one who waited longest, for whom it is now.
    mutating func release(_ connection: DatabaseConnection) -> Waiter? {
        if let first = waiters.first {
            waiters.removeFirst()
            return first.waiter
        }
        if isClosed { opened -= 1 } else { free.append(connection) }
        return nil
    }

    /// Gives up the place of a connection that could not be made. Returns the one who waited longest, who may try now.
    mutating func forget() -> Waiter? {
        opened -= 1
        return waiters.isEmpty ? nil : waiters.removeFirst().waiter
    }

    /// Lets nobody in any more. Returns the free connections and everybody who waits.
    mutating func close() -> (free: [DatabaseConnection], waiters: [Waiter]) {
        defer {
            isClosed = true
            opened -= free.count
            free = []
            waiters = []
        }
        return (free, waiters.map(\.waiter))
    }

    /// Adds one who waits until every connection is back.
    mutating func add(closer: CheckedContinuation<Void, Never>) { closers.append(closer) }

    /// Those who waited for the pool to be empty, once it is.
    mutating func takeClosers() -> [CheckedContinuation<Void, Never>] {
        guard isClosed, opened == 0 else { return [] }
        defer { closers = [] }
        return closers
    }
}
