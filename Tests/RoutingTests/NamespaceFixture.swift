import Subprocess
import SystemPackage
import Testing

/// Three network namespaces in a row: a container, a machine with a bridge for it, and another machine.
struct NamespaceFixture {
    let container: String
    let machine: String
    let other: String

    var onMachine: [String] { ["ip", "netns", "exec", machine] }

    static func with(_ body: (NamespaceFixture) async throws -> Void) async throws {
        let name = "mt\(UInt16.random(in: .min ... .max))"
        let fixture = NamespaceFixture(container: "\(name)c", machine: "\(name)m", other: "\(name)o")
        do {
            try await fixture.make()
            try await body(fixture)
        } catch {
            try await fixture.remove()
            throw error
        }
        try await fixture.remove()
    }

    private func make() async throws {
        try await shell(
            """
            set -e
            for n in \(container) \(machine) \(other); do ip netns add $n; ip -n $n link set lo up; done
            ip -n \(machine) link add martbe57 type bridge
            ip -n \(machine) link add vethc type veth peer name eth0 netns \(container)
            ip -n \(machine) link add vetho type veth peer name eth0 netns \(other)
            ip -n \(machine) link set vethc master martbe57
            ip -n \(machine) addr add 10.99.1.1/24 dev martbe57
            ip -n \(machine) addr add 10.99.2.1/24 dev vetho
            for l in martbe57 vethc vetho; do ip -n \(machine) link set $l up; done
            ip -n \(container) addr add 10.99.1.2/24 dev eth0
            ip -n \(other) addr add 10.99.2.2/24 dev eth0
            ip -n \(container) link set eth0 up
            ip -n \(other) link set eth0 up
            ip -n \(container) route add default via 10.99.1.1
            ip -n \(other) route add default via 10.99.2.1
            ip netns exec \(machine) sysctl -q -w net.ipv4.ip_forward=1
            """)
    }

    /// Gives the other machine an address more, to which the machine knows the way.
    func add(address: String) async throws {
        try await shell(
            "ip -n \(other) addr add \(address)/32 dev eth0 && ip -n \(machine) route add \(address)/32 dev vetho")
    }

    /// Ends what listens there, and removes the namespaces.
    private func remove() async throws {
        try await shell(
            """
            for n in \(container) \(machine) \(other); do
                for p in $(ip netns pids $n); do kill -9 $p; done
                ip netns del $n
            done
            """)
    }

    /// Starts a listener that ends with its namespace's fixture.
    func listen(on port: Int, in namespace: String) async throws {
        let program =
            "import socket,time\ns=socket.create_server((\\\"0.0.0.0\\\",\(port)))\nprint(1,flush=True)\nwhile 1: s.accept()"
        try await start(program, in: namespace)
    }

    /// Runs a program in the background until it prints something.
    private func start(_ program: String, in namespace: String) async throws {
        try await shell(
            "ip netns exec \(namespace) python3 -c \"\(program)\" > /tmp/\(namespace).out 2>&1 < /dev/null &\n"
                + "for i in $(seq 200); do test -s /tmp/\(namespace).out && break; sleep 0.02; done\n"
                + "grep -q 1 /tmp/\(namespace).out; r=$?; rm -f /tmp/\(namespace).out; exit $r")
    }

    /// Starts what sends each packet back, and ends with its namespace's fixture.
    func echo(on port: Int, in namespace: String) async throws {
        let program =
            "import socket\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\ns.bind((\\\"0.0.0.0\\\",\(port)))\n"
            + "print(1,flush=True)\nwhile 1: s.sendto(*s.recvfrom(99))"
        try await start(program, in: namespace)
    }

    /// Whether a packet comes back.
    func echoes(from namespace: String, to address: String, port: Int) async throws -> Bool {
        let program =
            "import socket\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\ns.settimeout(2)\n"
            + "s.sendto(b\\\"x\\\",(\\\"\(address)\\\",\(port)))\ns.recv(9)"
        return try await run("ip netns exec \(namespace) python3 -c \"\(program)\" 2> /dev/null").0
    }

    func connects(from namespace: String, to address: String, port: Int) async throws -> Bool {
        let program = "import socket\nsocket.create_connection((\\\"\(address)\\\",\(port)),2)"
        return try await run("ip netns exec \(namespace) python3 -c \"\(program)\" 2> /dev/null").0
    }

    /// The machine's rules.
    func rules() async throws -> [String] {
        let (_, output) = try await run(
            "for t in filter raw; do for p in iptables ip6tables; do ip netns exec \(machine) $p -t $t -S; done; done")
        return output.split(separator: "\n").map(String.init)
    }

    /// What a program does that takes all rules for its own.
    func dropRules() async throws { try await shell("ip netns exec \(machine) iptables -F INPUT") }

    private func shell(_ script: String) async throws {
        let (status, output) = try await run(script)
        try #require(status, "\(output)")
    }

    private func run(_ script: String) async throws -> (Bool, String) {
        let result = try await Subprocess.run(
            .path("/bin/sh"), arguments: ["-c", script], output: .string(limit: 1 << 20), error: .combinedWithOutput)
        return (result.terminationStatus.isSuccess, result.standardOutput)
    }
}
