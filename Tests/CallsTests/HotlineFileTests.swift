// Hotline files on disk: replaced whole, never overwritten unseen.

import Foundation
import Store
import TestTools
import Testing

@testable import Calls

@Suite struct HotlineFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func file(_ text: String = "one\n") throws -> HotlineFile {
        try folder.write(Array(text.utf8), as: "a.yaml")
        return try #require(HotlineFile("a.yaml", in: folder.path))
    }

    @Test func `a text takes the place of the one it was made from, with the file's rights, and nothing else stays`()
        throws
    {
        let file = try file()
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
        try file.replace(with: "two ż\n", expecting: textDigest("one\n"))
        #expect(try file.text() == "two ż\n" && folder.names() == ["a.yaml"])
        let rights = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(rights == 0o640)
    }

    @Test func `a file that holds another text meanwhile is left alone and its text is told`() throws {
        let file = try file()
        try folder.write(Array("theirs\n".utf8), as: "a.yaml")
        #expect(throws: HotlineFile.Obstacle.changed("theirs\n")) {
            try file.replace(with: "mine\n", expecting: textDigest("one\n"))
        }
        #expect(try file.text() == "theirs\n" && folder.names() == ["a.yaml"])
    }

    @Test func `a link stays a link, and what it leads to is replaced`() throws {
        try folder.makeFolder("elsewhere")
        try folder.write(Array("one\n".utf8), as: "elsewhere/real.yaml")
        try folder.link("a.yaml", to: "elsewhere/real.yaml")
        let file = try #require(HotlineFile("a.yaml", in: folder.path))
        #expect(file.isWritable)
        try file.replace(with: "two\n", expecting: textDigest("one\n"))
        #expect(try folder.read("elsewhere/real.yaml") == Array("two\n".utf8))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: file.path).hasSuffix("elsewhere/real.yaml"))
    }

    @Test func `a file that is gone cannot be published to`() throws {
        let file = try file()
        try folder.remove("a.yaml")
        #expect(!file.isWritable)
        do {
            try file.replace(with: "two\n", expecting: textDigest("one\n"))
            Issue.record("it was replaced")
        } catch HotlineFile.Obstacle.failed(let why) {
            #expect(why.contains("No such file"))
        }
        #expect(try folder.names() == [])
    }

    @Test func `only the names of hotline files in the folder name one`() throws {
        _ = try file()
        for name in ["../a.yaml", "a.yml", "", ".", "./a.yaml", ".a.yaml", folder.path + "/a.yaml", "b.yaml"] {
            #expect(HotlineFile(name, in: folder.path) == nil, "\(name)")
        }
    }

    @Test func `what is not text cannot be opened`() throws {
        let file = try file()
        try folder.write([0xFF, 0xFE, 0x00], as: "a.yaml")
        do {
            _ = try file.text()
            Issue.record("it was read")
        } catch HotlineFile.Obstacle.failed(let why) {
            #expect(why.contains("UTF-8"))
        }
    }
}
