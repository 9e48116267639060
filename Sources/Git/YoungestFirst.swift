/// A heap of what is to be visited, the youngest on top.
struct YoungestFirst<Element> {
    private var heap: [(time: Int64, element: Element)] = []

    mutating func push(_ element: Element, time: Int64) {
        heap.append((time, element))
        var child = heap.count - 1
        while child > 0, heap[(child - 1) / 2].time < heap[child].time {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> Element? {
        guard let last = heap.popLast() else { return nil }
        guard let first = heap.first else { return last.element }
        heap[0] = last
        var parent = 0
        while true {
            var child = parent * 2 + 1
            guard child < heap.count else { return first.element }
            if child + 1 < heap.count, heap[child + 1].time > heap[child].time { child += 1 }
            guard heap[child].time > heap[parent].time else { return first.element }
            heap.swapAt(parent, child)
            parent = child
        }
    }
}
