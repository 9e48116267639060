/// Commits waiting to be visited, the youngest first.
struct CommitQueue {
    private var heap: [(time: Int64, key: ObjectKey)] = []

    var isEmpty: Bool { heap.isEmpty }

    mutating func push(_ key: ObjectKey, time: Int64) {
        heap.append((time, key))
        var child = heap.count - 1
        while child > 0, heap[(child - 1) / 2].time < heap[child].time {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> ObjectKey? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return first.key
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var child = parent * 2 + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, heap[child + 1].time > heap[child].time { child += 1 }
            guard heap[child].time > heap[parent].time else { return }
            heap.swapAt(parent, child)
            parent = child
        }
    }
}
