// How a caller would fare who came now.

import Testing
import Timing

@testable import ACD

@Suite struct OutlookTests {
    @Test func `without anybody at work there is nobody, and of an unknown queue nothing is known`() throws {
        let desk = Desk()
        let load = try #require(desk.distributor.outlook(for: "help", now: desk.now))
        #expect(load == Outlook(waiting: 0, wait: nil, hasNobody: true, isFull: false))
        #expect(desk.distributor.outlook(for: "other", now: desk.now) == nil)
    }

    @Test func `a free agent means no wait`() throws {
        var desk = Desk()
        desk.do(.learned(queue: "help", handling: .seconds(180), samples: 10))
        desk.ready(anna)
        let load = try #require(desk.distributor.outlook(for: "help", now: desk.now))
        #expect(load == Outlook(waiting: 0, wait: .zero, hasNobody: false, isFull: false))
    }

    @Test func `the wait foretold is the one that the next caller is told, and asking changes nothing`() throws {
        var desk = Desk(.help(wrapUp: 0))
        desk.do(.learned(queue: "help", handling: .seconds(180), samples: 10))
        desk.ready(anna)
        _ = desk.talk(anna)
        _ = desk.call()
        desk.wait(seconds: 30)
        let before = desk.distributor.snapshot()
        let load = try #require(desk.distributor.outlook(for: "help", now: desk.now))
        #expect(desk.distributor.snapshot() == before)
        #expect(load.waiting == 1)
        let told = desk.call()
        let wait = try #require(told.actions.waits(of: told.entry).first ?? nil)
        #expect(abs((load.wait ?? .zero).milliseconds - wait.milliseconds) < 100)
    }

    @Test func `a queue with every place taken is full`() throws {
        var desk = Desk(.help(maxWaiting: 1))
        desk.ready(anna)
        _ = desk.talk(anna)
        _ = desk.call()
        let load = try #require(desk.distributor.outlook(for: "help", now: desk.now))
        #expect(load.isFull && !load.hasNobody)
    }
}
