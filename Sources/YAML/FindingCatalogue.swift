// What findings say in Polish: one catalogue for the reader of YAML, the checker of hotlines and the configuration.

/// From the English words of a `FindingText`, with `{1}` where something is filled in, to the Polish ones. Words are so chosen that
/// what is filled in stands in the nominative. A finding whose words are missing here traps in debug builds.
public enum FindingCatalogue {
    public static let polish = files.merging(hotlines) { first, _ in first }.merging(kinds) { first, _ in first }
        .merging(foreign) { first, _ in first }

    /// What is said of any file.
    private static let files = [
        "{1} is {2}; a mapping (key: value) is expected": "{1}: jest {2}, a mają być pary klucz: wartość",
        "{1} has no '{2}'": "{1}: brakuje '{2}'",
        "{1} has no option {2}": "{1} nie ma opcji {2}",
        "{1} is {2}; a text is expected": "{1}: jest {2}, a ma być tekst",
        "{1} is {2}; a whole number from {3} to {4} is expected":
            "{1}: jest {2}, a ma być liczba całkowita od {3} do {4}",
        "{1} is {2}; {3} or {4} is expected": "{1}: jest {2}, a ma być {3} albo {4}",
        "did you mean '{1}'?": "czy chodziło o '{1}'?",
        "{1} is {2}; {3} is expected": "{1}: jest {2}, a ma być {3}",
        "{1} is {2}; a time such as 15s, 3m, 2h or 90d is expected":
            "{1}: jest {2}, a ma być czas, na przykład 15s, 3m, 2h albo 90d",
        "{1} is {2}; {3} to {4} is expected": "{1}: jest {2}, a ma być od {3} do {4}",
        "{1} is {2}; a list is expected": "{1}: jest {2}, a ma być lista",
        "nothing": "nic",
        "a text": "tekst",
        "a list": "lista",
        "a mapping": "zbiór par klucz: wartość",
        "the file is larger than {1} bytes": "plik jest większy niż {1} bajtów",
        "a tab; the file is indented with spaces": "tabulator; wcięcia robi się spacjami",
        "the file is empty": "plik jest pusty",
        "a second document; a file holds one": "drugi dokument; plik zawiera jeden",
        "directives (lines with %) are not used": "dyrektyw (wierszy z %) się nie używa",
        "text outside of the document": "tekst poza dokumentem",
        "one text of more than {1} bytes": "jeden tekst dłuższy niż {1} bajtów",
        "a value is missing": "brakuje wartości",
        "a key is {1}; keys are plain words": "klucz to {1}; klucze są zwykłymi słowami",
        "more than {1} values in one file": "więcej niż {1} wartości w jednym pliku",
        "nested more than {1} deep": "zagnieżdżenie głębsze niż {1}",
        "an alias (*{1}); aliases are not used": "alias (*{1}); aliasów się nie używa",
        "a star that is meant as a star is written in quotes":
            "gwiazdkę, która ma być gwiazdką, pisze się w cudzysłowie",
        "an anchor (&{1}); anchors are not used": "kotwica (&{1}); kotwic się nie używa",
        "a tag ({1}); tags are not used": "znacznik ({1}); znaczników się nie używa",
        "not YAML: {1}": "to nie jest YAML: {1}",
        "the file cannot be read: {1}": "pliku nie można odczytać: {1}",
        "the file is not UTF-8 text": "plik nie jest tekstem w UTF-8",
        "the configuration": "konfiguracja",
        "an address to listen on": "adres nasłuchu",
        "a break": "przerwa",
        "at_once of a break": "at_once przerwy",
        "the name of a break": "nazwa przerwy",
        "{1} is no name of a break: 1 to 60 characters, each name once":
            "{1} to nie jest nazwa przerwy: ma być od 1 do 60 znaków, każda nazwa raz",
        "a network or a name that lookups may ask": "sieć lub nazwa, o które wolno pytać",
        "studio: number is {1}; a telephone number is expected, or none":
            "studio: number: jest {1}, a ma być numer telefonu albo none",
        "sip: trunk is {1}; HOST or HOST:PORT is expected, or none":
            "sip: trunk: jest {1}, a ma być HOST, HOST:PORT albo none",
        "media: ports is {1}; a range such as 8000-40000 is expected":
            "media: ports: jest {1}, a ma być zakres, na przykład 8000-40000",
        "web: certificate and key go together; one of them is missing":
            "web: certificate i key idą w parze; jednego brakuje",
        "{1} is neither a network such as 10.1.0.0/16 nor the name of a host":
            "{1} to ani sieć, na przykład 10.1.0.0/16, ani nazwa hosta",
        "{1} is {2}; an IP address or auto is expected": "{1}: jest {2}, a ma być adres IP albo auto",
        "{1} is no address to listen on; IP:PORT is expected, IPv6 in brackets":
            "{1} to nie jest adres nasłuchu; ma być IP:PORT, IPv6 w nawiasach",
        "web: public_url is {1}; https://HOST is expected, or none":
            "web: public_url: jest {1}, a ma być https://HOST albo none",
        "mail: host is {1}; a host's name or an IP address is expected":
            "mail: host: jest {1}, a ma być nazwa hosta albo adres IP",
        "mail: host is given, and 'from', the sender's address, is not":
            "mail: podano host, a nie podano 'from', adresu nadawcy",
        "mail: from is {1}; an address of mail is expected": "mail: from: jest {1}, a ma być adres poczty",
        "mail: user and password_file go together; one of them is missing":
            "mail: user i password_file idą w parze; jednego brakuje",
        "mail: security is none, and a password is never sent without TLS":
            "mail: security to none, a hasła nie wysyła się bez TLS",
        "mail: password_file holds no password: one line is expected":
            "mail: w password_file nie ma hasła: ma być jeden wiersz",
        "mail: password_file {1} cannot be read": "mail: password_file {1} nie daje się odczytać",
        "mail: everybody on this machine may read password_file {1}":
            "mail: password_file {1} może odczytać każdy na tym komputerze",
        "chmod 600 {1}": "chmod 600 {1}",
        "security: starttls or tls": "security: starttls albo tls",
        "cannot be read as YAML": "nie da się odczytać jako YAML",
        "too large to be read": "zbyt duży, by go odczytać",
    ]

    /// The notes of the codes.
    private static let kinds = [
        "Not YAML": "To nie jest YAML",
        "An unknown key or option": "Nieznany klucz lub nieznana opcja",
        "A key, name or number given twice": "Klucz, nazwa lub numer podane dwa razy",
        "A missing required key": "Brakuje wymaganego klucza",
        "A value not of its type": "Wartość innego rodzaju, niż trzeba",
        "Larger, longer or deeper than a hotline may be": "Więcej, dłużej lub głębiej, niż może mieć infolinia",
        "A feature of YAML that is not used: anchor, alias, tag, directive":
            "Cecha YAML-a, której się tu nie używa: kotwica, alias, znacznik, dyrektywa",
        "A file that cannot be read": "Pliku nie da się odczytać",
        "Known, but not supported here": "Znane, ale tu nieobsługiwane",
        "An exit that leads to no step": "Wyjście, które nie prowadzi do żadnego kroku",
        "A prompt, queue, calendar or mailbox that does not exist":
            "Zapowiedź, kolejka, kalendarz lub skrzynka, których nie ma",
        "A step that no caller can reach": "Krok, do którego nikt z dzwoniących nie trafi",
        "A round that the caller can never leave by choosing": "Koło, z którego dzwoniący nie wyjdzie żadnym wyborem",
        "A prompt without a text in a language in which callers can reach it":
            "Zapowiedź bez tekstu w języku, w którym można do niej trafić",
        "A plural form that the language needs": "Forma liczby, której język wymaga",
        "An audio file that is missing, empty or too long":
            "Plik dźwiękowy, którego nie ma, który jest pusty lub za długi",
        "No recording, and text to speech is off": "Nie ma nagrania, a synteza mowy jest wyłączona",
        "A value that is not known where it is used": "Wartość nieznana w tym miejscu",
        "A menu that does not say where a caller goes after the last try":
            "Menu, które nie mówi, dokąd idzie dzwoniący po ostatniej próbie",
        "A text that tells callers to press a key that is not there":
            "Tekst, który każe nacisnąć klawisz, którego nie ma",
        "A key that the text never offers": "Klawisz, o którym tekst nie mówi",
        "A menu of more than five keys": "Menu mające więcej niż pięć klawiszy",
        "A span that ends before it begins": "Okres, który kończy się, zanim się zacznie",
        "A day that does not exist": "Dzień, którego nie ma",
        "An exception that is already past": "Wyjątek, który już minął",
        "An unknown strategy": "Nieznana strategia",
        "A queue where a caller may wait for ever": "Kolejka, w której można czekać bez końca",
        "A ring time that alone misses the service level":
            "Czas dzwonienia, przez który nie da się dotrzymać poziomu obsługi",
        "A queue step without a required exit": "Krok kolejki bez wymaganego wyjścia",
        "A skill or group that no consultant has": "Umiejętność lub grupa, której nie ma żaden konsultant",
        "An `after_call` that is never reached": "`after_call`, do którego nikt nie trafi",
        "A language that no consultant speaks": "Język, którym nie mówi żaden konsultant",
        "A callback window shorter than its attempts": "Okno oddzwaniania krótsze niż próby",
        "A way on which a caller can be recorded without having heard the notice":
            "Droga, na której można nagrać dzwoniącego, zanim usłyszał zapowiedź nagrywania",
        "A retention that differs from the time the notice tells": "Czas przechowywania inny, niż mówi zapowiedź",
        "Two hotlines that claim one number": "Dwie infolinie, które chcą tego samego numeru",
        "A test in the hour that daylight saving skips": "Test w godzinie, którą pomija zmiana czasu",
    ]

    /// What libyaml and the system say of a file.
    private static let foreign = [
        "No such file or directory": "nie ma takiego pliku ani folderu",
        "Permission denied": "brak uprawnień",
        "Is a directory": "to jest folder",
        "Not a directory": "część ścieżki nie jest folderem",
        "Input/output error": "błąd wejścia-wyjścia",
        "Too many open files": "zbyt wiele otwartych plików",
        "File name too long": "zbyt długa nazwa pliku",
        "Too many levels of symbolic links": "zbyt wiele dowiązań symbolicznych",
        "Success": "nie wiadomo dlaczego",
        "block sequence entries are not allowed in this context": "w tym miejscu nie może stać element listy ('-')",
        "control characters are not allowed": "niedozwolony znak sterujący",
        "could not find expected ':'": "brakuje ':'",
        "could not find expected directive name": "brakuje nazwy dyrektywy",
        "did not find URI escaped octet": "brakuje bajtu zapisanego przez %",
        "did not find expected '!'": "brakuje '!'",
        "did not find expected ',' or ']'": "brakuje ',' albo ']'",
        "did not find expected ',' or '}'": "brakuje ',' albo '}'",
        "did not find expected '-' indicator": "brakuje '-'",
        "did not find expected <document start>": "brakuje początku dokumentu",
        "did not find expected <stream-start>": "brakuje początku tekstu",
        "did not find expected alphabetic or numeric character": "brakuje litery albo cyfry",
        "did not find expected comment or line break": "brakuje komentarza albo końca wiersza",
        "did not find expected digit or '.' character": "brakuje cyfry albo kropki",
        "did not find expected hexdecimal number": "brakuje liczby szesnastkowej",
        "did not find expected key": "brakuje klucza",
        "did not find expected node content": "brakuje treści",
        "did not find expected tag URI": "brakuje adresu znacznika",
        "did not find expected version number": "brakuje numeru wersji",
        "did not find expected whitespace": "brakuje odstępu",
        "did not find expected whitespace or line break": "brakuje odstępu albo końca wiersza",
        "did not find the expected '>'": "brakuje '>'",
        "duplicate %TAG directive": "dwie dyrektywy %TAG",
        "exceeded maximum depth": "zbyt głębokie zagnieżdżenie",
        "found a tab character that violates indentation": "tabulator psuje wcięcie",
        "found a tab character where an indentation space is expected": "tabulator, a wcięcia robi się spacjami",
        "found an incorrect leading UTF-8 octet": "błędny pierwszy bajt UTF-8",
        "found an incorrect trailing UTF-8 octet": "błędny dalszy bajt UTF-8",
        "found an indentation indicator equal to 0": "wcięcie równe 0",
        "found character that cannot start any token": "znak, od którego nic nie może się zaczynać",
        "found duplicate %TAG directive": "dwie dyrektywy %TAG",
        "found duplicate %YAML directive": "dwie dyrektywy %YAML",
        "found extremely long version number": "zbyt długi numer wersji",
        "found incompatible YAML document": "dokument w innej wersji YAML",
        "found invalid Unicode character escape code": "kod znaku, którego nie ma",
        "found undefined tag handle": "nieznany skrót znacznika",
        "found unexpected ':'": "niespodziewany ':'",
        "found unexpected document indicator": "niespodziewany znak początku lub końca dokumentu",
        "found unexpected end of stream": "niespodziewany koniec pliku",
        "found unexpected non-alphabetical character": "znak, który nie jest literą",
        "found unknown directive name": "nieznana dyrektywa",
        "found unknown escape character": "nieznany znak po ukośniku",
        "incompatible %YAML directive": "inna wersja w dyrektywie %YAML",
        "incomplete UTF-16 character": "niepełny znak UTF-16",
        "incomplete UTF-16 surrogate pair": "niepełna para UTF-16",
        "incomplete UTF-8 octet sequence": "niepełny znak UTF-8",
        "input error": "błąd odczytu",
        "input is too long": "zbyt długi tekst",
        "invalid Unicode character": "niedozwolony znak",
        "invalid leading UTF-8 octet": "błędny pierwszy bajt UTF-8",
        "invalid length of a UTF-8 sequence": "błędna długość znaku UTF-8",
        "invalid trailing UTF-8 octet": "błędny dalszy bajt UTF-8",
        "mapping keys are not allowed in this context": "w tym miejscu nie może stać klucz",
        "mapping values are not allowed in this context": "w tym miejscu nie może stać ':'",
        "unexpected low surrogate area": "niespodziewana druga połowa pary UTF-16",
        "while parsing a %TAG directive": "w dyrektywie %TAG",
        "while parsing a block collection": "w liście",
        "while parsing a block mapping": "w parach klucz: wartość",
        "while parsing a block node": "w treści",
        "while parsing a flow mapping": "w nawiasach { }",
        "while parsing a flow node": "w treści",
        "while parsing a flow sequence": "w nawiasach [ ]",
        "while parsing a node": "w treści",
        "while parsing a quoted scalar": "w cudzysłowie",
        "while parsing a tag": "w znaczniku",
        "while parsing a tag directive": "w dyrektywie %TAG",
        "while scanning a %TAG directive": "w dyrektywie %TAG",
        "while scanning a %YAML directive": "w dyrektywie %YAML",
        "while scanning a block scalar": "w tekście wielowierszowym",
        "while scanning a directive": "w dyrektywie",
        "while scanning a plain scalar": "w tekście bez cudzysłowu",
        "while scanning a quoted scalar": "w cudzysłowie",
        "while scanning a simple key": "w kluczu",
        "while scanning a tag": "w znaczniku",
        "while scanning a tag directive": "w dyrektywie %TAG",
        "while scanning an alias": "w aliasie",
        "while scanning an anchor": "w kotwicy",
        "while scanning for the next token": "na początku słowa",
    ]
}
