// What an administrator decided about this server; read from config/centrala.yaml by the command.

import Foundation
public import IVR
public import Outside
import SIP

/// A reason for breaks, in the words of the organisation.
public struct BreakReason: Sendable, Equatable {
    public var name: String
    /// How many consultants may be away for it at once; nil: any number.
    public var atOnce: Int?

    public init(name: String, atOnce: Int? = nil) {
        self.name = name
        self.atOnce = atOnce
    }
}

/// Everything the conductor needs to know before it starts.
public struct CallCentreConfiguration: Sendable {
    /// Addresses for SIP over UDP and TCP, `ip:port`; IPv6 in brackets.
    public var sipListen: [String] = ["0.0.0.0:5060"]
    /// The address that SIP peers outside a NAT see; nil: the local address by which a peer is reached.
    public var sipPublicAddress: String?
    /// More calls at once than this are answered 503 with Retry-After.
    public var maximumCalls = 500
    /// The address in SDP when the server stands behind NAT; nil: the local address by which the peer is reached.
    public var mediaPublicAddress: String?
    /// UDP ports for media; even ones for RTP, the next for RTCP.
    public var mediaPorts: ClosedRange<UInt16> = 8000...40000
    /// Media threads, 1…16. One processor is left to everything else.
    public var mediaThreads = min(max(processors - 1, 1), 16)
    /// The folder of the store, recordings and the prompt cache.
    public var dataDirectory = "data"
    public var hotlinesDirectory = "config/hotlines"
    public var promptsDirectory = "prompts"
    /// How long a caller waits for a consultant whose browser vanished in a call, in seconds.
    public var returnWithin = 30

    /// What consultants choose from when they go on a break; none: a break has no reason.
    public var breaks: [BreakReason] = []

    /// Where telephone numbers are called; nil: nowhere.
    private(set) var trunk: SIPAddress?
    /// Where administrators record prompts by telephone, as `PhoneNumber.normalised` writes it; nil: nowhere.
    public private(set) var studioNumber: String?
    /// What `lookup` steps may ask, and where mailboxes may send on the web.
    private(set) var lookups = OutsidePolicy()
    /// Who takes letters; nil: mailboxes cannot send by mail.
    public var mail: MailServer?
    /// Where people reach the pages, for links in what is sent; without a slash at its end. Nil: no links.
    public private(set) var pages: String?

    public init() {}

    /// `host`, `host:port` or `sip:host:port;transport=tcp`. False for anything else.
    public mutating func setTrunk(_ text: String) -> Bool {
        guard let address = SIPAddress(uri: text), address.user.isEmpty else { return false }
        trunk = address
        return true
    }

    /// A telephone number in any writing. False for anything else.
    public mutating func setStudioNumber(_ text: String) -> Bool {
        studioNumber = PhoneNumber.normalised(text)
        return studioNumber != nil
    }

    /// A network (`10.1.0.0/16`) or a host's name that lookups may ask although it is not on the public internet. False for
    /// anything else.
    public mutating func allowLookups(at text: String) -> Bool {
        if let network = IPNetwork(text) {
            lookups.allowedNetworks.append(network)
        } else if let name = HostName(text) {
            lookups.allowedHosts.insert(name)
        } else {
            return false
        }
        return true
    }

    /// `https://hotline.example.org`. False for what is no address on the web.
    public mutating func setPages(_ text: String) -> Bool {
        guard (try? OutsideURL(text)) != nil, !text.contains("?") else { return false }
        pages = text.hasSuffix("/") ? String(text.dropLast()) : text
        return true
    }

    /// What the checker may ask of this server.
    public var surroundings: Surroundings {
        .served(promptsDirectory: promptsDirectory, sendsMail: mail != nil, studioNumber: studioNumber)
    }

    /// Those that this process may run on.
    static let processors = ProcessInfo.processInfo.activeProcessorCount

    public var storePath: String { dataDirectory + "/centrala.sqlite" }
    public var cacheDirectory: String { dataDirectory + "/cache" }
    var recordingsDirectory: String { dataDirectory + "/recordings" }
    var exportsDirectory: String { dataDirectory + "/exports" }

    /// The data folder with all its parts, for this user alone.
    public func makeDirectories() throws {
        for directory in [dataDirectory, recordingsDirectory, exportsDirectory, cacheDirectory] {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
    }
}

extension SIPConfiguration {
    init(_ configuration: CallCentreConfiguration) {
        self.init()
        listen = configuration.sipListen
        publicAddress = configuration.sipPublicAddress
        maxCalls = configuration.maximumCalls
    }
}
