// Text of a hotline file → hotline, or all that is wrong with it in one pass.

public import YAML

/// The checker behind `check`, the start of the server and, later, the editor.
public enum HotlineChecker {
    /// The hotline, or nil when there is an error among the findings; warnings alone let it load.
    public static func check(
        text: String, file: String, surroundings: Surroundings
    ) -> (hotline: Hotline?, findings: [Finding]) {
        let (root, log) = YAMLComposer.compose(text, file: file)
        return check(root, log, surroundings)
    }

    /// The same for a file on disk.
    public static func check(path: String, surroundings: Surroundings) -> (hotline: Hotline?, findings: [Finding]) {
        let (root, log) = YAMLFile.compose(path: path)
        return check(root, log, surroundings)
    }

    private static func check(
        _ root: YAMLNode?, _ log: FindingLog, _ surroundings: Surroundings
    ) -> (hotline: Hotline?, findings: [Finding]) {
        guard let root else { return (nil, log.findings.inReadingOrder) }
        let hotline = HotlineReader(log: log, surroundings: surroundings).read(root)
        if let hotline { HotlineProof(hotline: hotline, surroundings: surroundings, log: log).run() }
        return (log.hasErrors ? nil : hotline, log.findings.inReadingOrder)
    }
}
