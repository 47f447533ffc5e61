// The calls of the last seven days, to colour a hotline's picture by.

public import IVR
public import Store

extension Store {
    /// - Parameter now: Unix ms.
    public func trafficOfLastWeek(_ hotline: String, now: Int64) async throws -> PictureTraffic {
        let week: Int64 = 7 * 86_400 * 1_000
        var traffic = PictureTraffic()
        for visit in try await stepVisits(hotline: hotline, from: now - week) {
            var visits = traffic.steps[visit.step] ?? .init()
            visits.entries += visit.count
            visits.hangUps += visit.hangUps
            if let next = visit.next { visits.next[.init(exit: visit.exit, step: next), default: 0] += visit.count }
            traffic.steps[visit.step] = visits
        }
        return traffic
    }
}
