import Testing

@testable import Deploy

@Suite struct ListenerTests {
    private static let four = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
           1: 0B00007F:A5C1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
           2: 0201630A:1F40 0101630A:9C40 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0
        """
    private static let six = """
          sl  local_address                         remote_address                        st
           0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A
           1: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A
           2: 0000000000000000FFFF00000100007F:1F92 00000000000000000000000000000000:0000 0A
        """

    @Test func `programs that listen are found, other than Docker's DNS and open connections`() {
        #expect(Listener.parse(Self.four) == [Listener(port: 5000, isLoopback: true)])
        #expect(Listener.parse(Self.six).map(\.port) == [8080, 8081, 8082])
        #expect(Listener.parse(Self.six).map(\.isLoopback) == [false, true, true])
        #expect(Listener.parse("").isEmpty)
    }

    @Test func `the missing port on the loopback is named before others`() {
        let both = [Listener(port: 9000, isLoopback: false), Listener(port: 5000, isLoopback: true)]
        #expect(Listener.found(both, insteadOf: 5000) == ", only on 127.0.0.1:5000")
        #expect(Listener.found(both, insteadOf: 80) == ", only on port 5000 and 9000")
        #expect(Listener.found([], insteadOf: 80) == "")
    }
}
