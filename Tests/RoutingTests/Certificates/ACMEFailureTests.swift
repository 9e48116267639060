import Foundation
import Testing

@testable import Routing

@Suite struct ACMEFailureTests {
    private func failure(_ lines: String..., host: String = "shop.example") -> ACMEFailure {
        ACMEFailure(output: lines.joined(separator: "\n"), host: host, directory: "https://ca.example/dir")
    }

    private func problem(_ type: String, _ detail: String) -> ACMEFailure {
        failure(
            "2026/11/21 21:17:16 [INFO] [shop.example] acme: use http-01 solver",
            "2026/11/21 21:17:16 Could not obtain certificates:", "\terror: one or more domains had a problem:",
            "[shop.example] acme: error: 403 :: urn:ietf:params:acme:error:\(type) :: \(detail)")
    }

    @Test(arguments: [
        "Non-200 status code from HTTP: http://shop.example/.well-known/acme-challenge/r9aKnd returned 404",
        "192.0.2.1: Invalid response from http://shop.example/.well-known/acme-challenge/r9aKnd: 404",
    ])
    func `a wrong answer is told with its address`(detail: String) {
        #expect(
            problem("unauthorized", detail).reason
                == "could not get a certificate for 'shop.example': the CA got 404 from "
                + "http://shop.example/.well-known/acme-challenge/…; point shop.example's DNS at this machine and open "
                + "port 80")
    }

    @Test func `an address that does not answer is told`() {
        let url = "http://shop.example/.well-known/acme-challenge/acXpNt"
        #expect(
            problem("connection", "Get \"\(url)\": dial tcp 127.9.9.9:80: connect: connection refused").reason
                == "could not get a certificate for 'shop.example': the CA could not reach "
                + "http://shop.example/.well-known/acme-challenge/… (dial tcp 127.9.9.9:80: connect: connection refused); "
                + "point shop.example's DNS at this machine and open port 80")
        #expect(
            problem("dns", "DNS problem: NXDOMAIN looking up A for shop.example").reason.contains(
                "the CA finds no address for it (DNS problem: NXDOMAIN looking up A for shop.example); point"))
    }

    @Test func `an authority that was asked too often is asked again when it wants`() throws {
        let at = Date(timeIntervalSince1970: 1_800_000_000)
        let text = at.ISO8601Format().replacing("T", with: " ").replacing("Z", with: " UTC")
        let failure = problem(
            "rateLimited", "too many certificates already issued, retry after \(text): see https://x/")
        #expect(failure.isRateLimit && failure.retryAt == at)
        #expect(RenewalSchedule.retry(after: failure, failures: 1, now: at - 7200) == at)
        #expect(RenewalSchedule.retry(after: failure, failures: 1, now: at) >= at + 3600)
        #expect(RenewalSchedule.retry(after: failure, failures: 1, now: at - 864_000) == at - 3 * 86_400)
    }

    @Test func `what lies in the settings names them`() {
        let unreachable = failure(
            "2026/11/21 21:16:01 No key found for account a@example.com. Generating a P256 key.",
            "2026/11/21 21:16:01 Could not create client: get directory at 'https://ca.example/dir': Get "
                + "\"https://ca.example/dir\": dial tcp 192.0.2.1:443: connect: connection refused")
        #expect(unreachable.isOurs && unreachable.reason.contains("the CA 'https://ca.example/dir' cannot be reached"))
        let untrusted = failure(
            "2026/11/21 21:17:16 Could not create client: get directory at 'https://ca.example/dir': Get "
                + "\"https://ca.example/dir\": x509: certificate signed by unknown authority")
        #expect(untrusted.isOurs && untrusted.reason.hasSuffix("name its root in MARTLET_ACME_CA_FILE"))
        let unknown = failure("2026/11/21 21:17:16 unrecognized DNS provider: cloudflare", host: "*.example")
        #expect(unknown.reason.contains("this machine's lego has no recognized DNS provider: cloudflare"))
        let incomplete = failure(
            "2026/11/21 21:17:16 exec: some credentials information are missing: EXEC_PATH", host: "*.example")
        #expect(
            incomplete.reason
                == "could not get a certificate for '*.example': exec: some credentials information are missing: EXEC_PATH; "
                + "check MARTLET_DNS_PROVIDER and its credentials")
    }

    @Test func `tries that fail come at growing intervals, and those that fail for us do not`() {
        let now = Date()
        for (failures, pause) in [(1, 300.0), (2, 900), (3, 3600), (4, 21_600), (5, 86_400), (99, 86_400)] {
            let at = RenewalSchedule.retry(after: ACMEFailure("x"), failures: failures, now: now)
            #expect((pause...(pause * 1.1)).contains(at.timeIntervalSince(now)))
            let ours = RenewalSchedule.retry(after: ACMEFailure("x", isOurs: true), failures: failures, now: now)
            #expect((300...330).contains(ours.timeIntervalSince(now)))
        }
    }

    @Test(arguments: [(90.0, 30.0), (6, 2), (365, 30)])
    func `a certificate is renewed with a third of its time left, or 30 days`(days: Double, left: Double) {
        let (start, day) = (Date(), 86_400.0)
        let at = RenewalSchedule.renewal(notBefore: start, notAfter: start + days * day)
        #expect((left * day...(left * 1.1 * day)).contains((start + days * day).timeIntervalSince(at)))
    }
}
