// What a person reads when the server is up.

import Calls

enum Welcome {
    /// First a line for machines, then the same for people, in Polish and English.
    static func print(centre: CallCentre, web: String) async {
        let sip = await centre.sipAddresses()
        let hotlines = await centre.hotlines()
        Swift.print("ready sip=\(sip.first ?? "none") web=\(web)")
        Swift.print("")
        Swift.print("  Centrala działa. / Centrala is up.")
        Swift.print("  Strony / pages:               \(web)")
        Swift.print("  Zadzwoń z przeglądarki / call from the browser:  \(web)/call")
        for hotline in hotlines {
            Swift.print("  Infolinia / hotline \(hotline.name), \(hotline.numbers.joined(separator: ", ")):")
            for address in sip { Swift.print("    sip:\(hotline.name)@\(address)") }
        }
        Swift.print("  Koniec / stop: Ctrl-C")
        flush()
    }
}
