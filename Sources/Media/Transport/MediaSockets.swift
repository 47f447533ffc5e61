// The UDP sockets of one leg.

import Glibc

/// One or two bound, non-blocking UDP sockets. Copies name the same sockets; `close()` is called once, by the owner.
public struct MediaSockets: Sendable, BitwiseCopyable {
    /// The socket for RTP and, with rtcp-mux, for all.
    public let rtp: Int32
    /// The socket for RTCP; −1 with rtcp-mux.
    public let rtcp: Int32
    public let rtpPort: UInt16
    /// `rtpPort` with rtcp-mux.
    public let rtcpPort: UInt16
    /// Unmanaged because the media thread copies this value and must not count references; `close()` balances the
    /// retain of `init`. Nil for sockets that came from no pool.
    private let pool: Unmanaged<PortPool>?

    init(rtp: Int32, rtcp: Int32, rtpPort: UInt16, rtcpPort: UInt16, pool: PortPool?) {
        self.rtp = rtp
        self.rtcp = rtcp
        self.rtpPort = rtpPort
        self.rtcpPort = rtcpPort
        self.pool = pool.map { Unmanaged.passRetained($0) }
    }

    /// Closes the sockets and gives the ports back. Never from the media thread, and only once.
    public func close() {
        if rtp >= 0 { _ = Glibc.close(rtp) }
        if rtcp >= 0 { _ = Glibc.close(rtcp) }
        guard let pool else { return }
        pool.takeRetainedValue().takeBack(rtpPort)
    }
}
