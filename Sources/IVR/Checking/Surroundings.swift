// What the checker may ask of the world: which recordings exist, and what day it is.

import Foundation
import Timing

/// Given to the checker, so that a check of the same text says the same everywhere.
public struct Surroundings: Sendable {
    /// Why the recording at a path relative to the folder of prompts cannot be used; nil when it can.
    public var complaint: @Sendable (_ path: String) -> String?
    /// Today, for exceptions that are already past: milliseconds since 1970.
    public var unixMilliseconds: Int64

    public init(unixMilliseconds: Int64, complaint: @escaping @Sendable (_ path: String) -> String?) {
        self.unixMilliseconds = unixMilliseconds
        self.complaint = complaint
    }

    /// The files in that folder, and the machine's date.
    public static func live(promptsDirectory: String) -> Surroundings {
        Surroundings(unixMilliseconds: Clock.unixMilliseconds()) { path in
            let full = promptsDirectory + "/" + path
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: full) else {
                return "is not in \(promptsDirectory)"
            }
            return (attributes[.size] as? NSNumber)?.intValue == 0 ? "is empty" : nil
        }
    }
}
