// From a journal to a sound file: stereo, left what the caller said, right what the caller heard.

import Glibc
import Media

/// Reads the journal twice: once to learn how the clocks of its streams ran, once to put every payload where it belongs.
/// Needs a few megabytes, however long the recording is.
public enum Renderer {
    /// A payload may come this late and still finds its place.
    private static let hold: Int64 = 4_500_000_000
    private static let longest: Int64 = 86_400_000_000_000

    /// - Parameters:
    ///   - path: the journal; it may still be written, then the result goes as far as it does.
    ///   - output: the file to be made, replaced only when the new one is complete.
    ///   - progress: called now and then with 0…1.
    /// - Throws: `RenderError`.
    @discardableResult
    public static func render(
        journal path: String, to output: String, format: ExportFormat, progress: (Double) -> Void = { _ in }
    ) throws(RenderError) -> RenderReport {
        let temporary = "\(output).part"
        do throws(RenderError) {
            let report = try write(path, to: temporary, format, progress)
            guard rename(temporary, output) == 0 else { throw .system(String(cString: strerror(errno))) }
            return report
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private static func write(
        _ path: String, to output: String, _ format: ExportFormat, _ progress: (Double) -> Void
    ) throws(RenderError) -> RenderReport {
        let surveys = try survey(path)
        guard surveys.left.packets + surveys.right.packets > 0 else { throw .empty }
        guard max(surveys.left.end, surveys.right.end) < longest else { throw .tooLong }
        let sampleRate = surveys.left.isWideBand || surveys.right.isWideBand ? 16_000 : 8_000
        var rendering = Rendering(
            left: RenderingSide(surveys.left, sampleRate: sampleRate),
            right: RenderingSide(surveys.right, sampleRate: sampleRate),
            sampleRate: sampleRate,
            writer: try open(output, format, sampleRate))
        var journal = try journal(path, checksLinks: true)
        try run(&rendering, &journal, progress)
        var report = try rendering.finish()
        report.damages = journal.damages
        report.ending = journal.ending
        return report
    }

    private static func run(
        _ rendering: inout Rendering, _ journal: inout Journal, _ progress: (Double) -> Void
    ) throws(RenderError) {
        var newest: Int64 = 0
        var told = 0.0
        while true {
            let more = journal.nextSegment { entry, payload in
                newest = max(newest, entry.offset)
                rendering.insert(entry, payload)
            }
            guard more else { return }
            try rendering.advance(to: newest - hold)
            if journal.progress >= told + 0.01 {
                told = journal.progress
                progress(told)
            }
        }
    }

    private static func survey(_ path: String) throws(RenderError) -> (left: SideSurvey, right: SideSurvey) {
        var journal = try journal(path, checksLinks: false)
        var left = SideSurvey()
        var right = SideSurvey()
        while journal.nextSegment({ entry, _ in
            switch entry.side {
            case .left: left.note(entry)
            case .right: right.note(entry)
            }
        }) {}
        left.settle()
        right.settle()
        return (left, right)
    }

    private static func journal(_ path: String, checksLinks: Bool) throws(RenderError) -> Journal {
        do {
            return try Journal(path: path, checksLinks: checksLinks)
        } catch {
            throw .journal(error)
        }
    }

    private static func open(
        _ path: String, _ format: ExportFormat, _ sampleRate: Int
    ) throws(RenderError) -> SoundFileWriter {
        do {
            return try SoundFileWriter(path: path, format: format.soundFileFormat, sampleRate: sampleRate, channels: 2)
        } catch {
            throw .sound(error)
        }
    }
}
