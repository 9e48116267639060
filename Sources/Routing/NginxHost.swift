import Platform

/// Host names that lead to the same places.
struct NginxHost {
    /// What answers below a path.
    struct Place: Hashable {
        /// The index of its app.
        let app: Int
        let path: String
        let strips: Bool
        let redirect: String?
    }

    private struct Likeness: Hashable {
        let places: [Place]
        let hasTLS: Bool
    }

    private(set) var names: [String]
    /// Those with longer paths first.
    let places: [Place]
    let hasTLS: Bool

    /// All hosts of `apps`; those alike together, which is a half of the text when each app has two.
    static func all(_ apps: [NginxApp], tls: Bool) -> [NginxHost] {
        var places: [String: [Place]] = [:]
        var secured: Set<String> = []
        var order: [String] = []
        for (index, app) in apps.enumerated() {
            for endpoint in app.route.endpoints {
                let place = Place(
                    app: index, path: endpoint.path, strips: endpoint.strips && endpoint.path != "/",
                    redirect: endpoint.redirect)
                if places[endpoint.host] == nil { order.append(endpoint.host) }
                places[endpoint.host, default: []].append(place)
                if tls, endpoint.certificate != nil { secured.insert(endpoint.host) }
            }
        }
        return merged(order, places, secured)
    }

    private static func merged(
        _ order: [String], _ places: [String: [Place]], _ secured: Set<String>
    ) -> [NginxHost] {
        var hosts: [NginxHost] = []
        var positions: [Likeness: Int] = [:]
        for name in order {
            let sorted = (places[name] ?? []).sorted { ($1.path.utf8.count, $0.path) < ($0.path.utf8.count, $1.path) }
            let likeness = Likeness(places: sorted, hasTLS: secured.contains(name))
            if let position = positions[likeness] {
                hosts[position].names.append(name)
            } else {
                positions[likeness] = hosts.count
                hosts.append(NginxHost(names: [name], places: sorted, hasTLS: likeness.hasTLS))
            }
        }
        return hosts
    }

    /// The place that speaks for the host as a whole.
    var leading: Place { places.first { $0.path == "/" } ?? places[0] }

    /// Whether all that its plain side does is to send visitors to the other.
    func isSecuredOnly(_ apps: [NginxApp]) -> Bool {
        hasTLS && leading.path == "/"
            && places.allSatisfy { $0.redirect == nil && apps[$0.app].settings.redirectsToHTTPS ?? true }
    }
}
