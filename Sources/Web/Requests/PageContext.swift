// What is known about one request while it is answered.

import Hummingbird
import Logging
import NIOCore

/// Filled in by `Gate` before a page sees the request.
struct PageContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The peer's IP address. Proxies' headers are not believed.
    let remote: String
    var visitor: Visitor?
    var language = Language.pl

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remote = source.channel.remoteAddress?.ipAddress ?? "?"
    }
}
