// `centrala serve`: starts the hotline and says where to go.

import ArgumentParser
import Calls
import Foundation
import IVR
import Logging
import Store
import Web
import YAML

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer calls and serve the pages, until Ctrl-C or SIGTERM.")

    @Option(help: "The server's configuration.")
    var config = "config/centrala.yaml"

    func run() async throws {
        let file = try ConfigurationFile.load(config)
        let level = file.logLevel
        LoggingSystem.bootstrap { _ in LineLog(logLevel: level) }
        let log = Logger(label: "centrala")
        let (library, warnings) = try HotlineFiles.load(file.callCentre)
        for warning in warnings { log.warning("hotline", metadata: ["finding": "\(warning.text)"]) }
        let lock = try DataLock(directory: file.callCentre.dataDirectory)
        defer { lock.release() }
        let centre = try await CallCentre.start(file.callCentre, hotlines: library, log: log)
        for account in try await FirstAccounts.create(in: centre.store) { print(account) }
        let server = WebServer(file.web, calls: centre, log: log)
        let pages = Task { try await server.run() }
        let port = try await server.listeningPort()
        await Welcome.print(centre: centre, web: Self.address(file.web, port: port))
        let control = Self.control(of: centre, in: file.callCentre.dataDirectory, log)
        await Signals.stopAsked { _ = await centre.reload() }
        log.info("server.stopping")
        control?.close()
        await server.stop()
        _ = await pages.result
        await centre.stop()
    }

    /// Without it `centrala reload` cannot reach the server; SIGHUP still does.
    private static func control(of centre: CallCentre, in directory: String, _ log: Logger) -> ControlSocket? {
        do {
            return try ControlSocket(path: ControlSocket.path(in: directory)) { await centre.answer($0) }
        } catch {
            log.warning("control", metadata: ["problem": "\(error)"])
            return nil
        }
    }

    private static func address(_ web: WebConfiguration, port: Int) -> String {
        let host = web.address.contains(":") ? "[\(web.address)]" : web.address
        return (web.certificatePath == nil ? "http" : "https") + "://\(host):\(port)"
    }
}
