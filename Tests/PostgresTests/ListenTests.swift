import Testing

@testable import Postgres

extension SharedClusterTests {
    @Suite struct ListenTests {
        @Test func `a notification arrives with its payload`() async throws {
            try await TestCluster.withPool { pool in
                var events = pool.listen(["Builds", "say \"hi\""]).makeAsyncIterator()
                #expect(await events.next() == .reconnected)
                try await pool.execute("select pg_notify('Builds', \("naïve 1"))")
                #expect(await events.next() == .message(channel: "Builds", payload: "naïve 1"))
                try await pool.execute("notify \"say \"\"hi\"\"\"")
                #expect(await events.next() == .message(channel: "say \"hi\"", payload: ""))
            }
        }

        @Test func `listening ends with the task that reads`() async throws {
            try await TestCluster.withPool { pool in
                let (started, isStarted) = AsyncStream<Void>.makeStream()
                let reader = Task {
                    for await _ in pool.listen(["x"]) { isStarted.yield() }
                }
                for await _ in started { break }
                reader.cancel()
                await reader.value
                try await eventually {
                    try await pool.query(
                        """
                        select 1 from pg_stat_activity where query = 'listen "x"'
                        """
                    ).isEmpty
                }
            }
        }

        @Test func `listening ends with the pool`() async throws {
            try await TestCluster.withPool { pool in
                var events = pool.listen(["y"]).makeAsyncIterator()
                #expect(await events.next() == .reconnected)
                await pool.close()
                #expect(await events.next() == nil)
                var late = pool.listen(["y"]).makeAsyncIterator()
                #expect(await late.next() == nil)
            }
        }
    }
}
