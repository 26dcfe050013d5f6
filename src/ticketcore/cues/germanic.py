"""What customers say in German and Dutch, by what it is a cue for."""

from ticketcore.cues.language import Language

GERMAN = Language(
    "de",
    {
        "wants": "ich möchte | möchte | ich will | würde gern* | hätte gern* | brauche | "
        "ich wünsche | benötige | möchten | wollte | interessiere mich",
        "asks us": "können sie | könnten sie | kannst du | könntest du | würden sie | helfen sie | "
        "hilf mir | helft mir | können sie mir helfen | könnt ihr",
        "asks leave": "kann ich | könnte ich | darf ich | ist es möglich | können wir | dürfte ich",
        "please": "bitte",
        "knows": "wissen | erfahren | sagen sie mir | sag mir | mir sagen | mitteilen | informier* | "
        "information* | auskunft | details | erklär* | frage zu | fragen zu | verstehen | "
        "herausfinden | wüsste gern*",
        "seeks": "finde | finden | suche | suchen | gesucht | auf der suche | nachschlagen",
        "asks advice": "empfehl* | vorschlag | vorschläge | optionen | ideen | welche möglichkeiten | "
        "ratschlag | tipps | zeigen | zeig mir",
        "checks": "prüfen | überprüf* | nachsehen | ansehen | einsehen | kontrollier* | sehen | "
        "nachverfolg* | verfolgen",
        "asks when": "wann | wie lange | um wie viel uhr | bis wann | ab wann | an welchem tag",
        "asks where": "wo | woher | wohin | in der nähe | nächste filiale | nächstgelegen*",
        "asks how much": "wie viel | wieviel | wie viele | wie teuer | wie weit | wie hoch | wie groß",
        "asks how": "wie kann ich | wie funktioniert | wie geht | wie bekomme | wie mache | wie muss | was muss ich",
        "asks what": "was ist | was sind | was kostet | was bedeutet | was für | welche | welcher | "
        "welches | welchen | wer | ob",
        "asks why": "warum | wieso | weshalb | was ist passiert",
        "asks whether": "gibt es | haben sie | habt ihr | ist mein | ist meine | ist das | ist der | "
        "ist die | sind die | wurde mein | wurde meine | bieten sie | wird mein | wird die | "
        "hat mein",
        "names a fact": "kontostand | guthaben | status | stand | öffnungszeiten | preis* | kosten | "
        "kostet | gebühr* | zinssatz | zinsen | wetter | verfügbar* | rabatt* | angebote | "
        "limit | bankleitzahl | kontonummer | policennummer | umsätze | fällig* | "
        "lieferzeit | bewertungen | voraussetzungen | filiale | geldautomat*",
        "names a find": "restaurant* | filme | veranstaltung* | konzert* | wohnung* | hotels | arzt | "
        "ärzte | flüge | züge | sehenswürdigkeit* | geschäfte | friseur",
        "changes": "ändern | änderung | geändert | aktualisier* | umbuch* | wechseln | verschieben | "
        "ersetzen | erneuer* | zurücksetzen | erhöhen | anpassen | korrigier* | umziehen | "
        "umtausch* | verlänger*",
        "ends": "kündig* | stornier* | löschen | schließen | sperren | beenden | abbestell* | "
        "entfernen | zurückgeben | abmelden | stoppen | deaktivier*",
        "creates": "eröffnen | anlegen | hinzufügen | anmelden | registrier* | beantragen | antrag | "
        "abschließen | aktivier* | einrichten | neues konto | neuen vertrag | installier*",
        "buys": "kaufen | bestellen | bestelle | nachbestell* | bezahlen | zahlen | mieten | ich nehme",
        "books": "buchen | buchung | reservier* | termin | tisch für | ticket | tickets | fahrkarte*",
        "sends": "schicken | senden | überweis* | zusenden | liefern | kopie | nachweis | rechnung | "
        "quittung | bescheinigung | ausstellen | geben sie mir | zuschicken | weiterleiten | "
        "dokument*",
        "breaks": "kaputt | defekt | funktioniert nicht | geht nicht | fehler | problem* | "
        "beschädigt | verloren | gestohlen | fehlt | vergessen | reklam* | erstatt* | "
        "rückerstattung | falsch | doppelt | betrug | schaden | melden | unfall | "
        "beschwer* | reparier* | ersetzt | gesperrt | störung",
        "plays": "abspielen | anschauen | anhören | streamen | spiele | spiel",
        "hurries": "sofort | dringend | jetzt | heute noch | schnell* | umgehend | unverzüglich",
        "accepts": "klingt gut | passt | perfekt | das ist gut | einverstanden | hört sich gut an | "
        "gefällt mir | das nehme ich",
        "thanks": "danke | vielen dank | dankeschön | super | toll",
        "yields": "ja | okay | ok | gut | in ordnung | klar | genau",
    },
)
"""The cues of German."""


DUTCH = Language(
    "nl",
    {
        "wants": "ik wil | wil graag | zou graag | ik heb nodig | nodig | wens | ik moet | geïnteresseerd",
        "asks us": "kunt u | kun je | zou u | kan je | help mij | help me | mij helpen | kunnen jullie",
        "asks leave": "kan ik | mag ik | zou ik | is het mogelijk | kunnen we",
        "please": "alstublieft | alsjeblieft | graag | aub | svp",
        "knows": "weten | vertellen | zeggen | informatie | informeren | details | uitleg* | "
        "vraag over | begrijpen | achterhalen",
        "seeks": "vinden | zoek | zoeken | op zoek | opzoeken",
        "asks advice": "aanbevel* | aanraden | suggest* | opties | ideeën | tips | laat zien | toon",
        "checks": "controleren | nakijken | bekijken | inzien | bevestigen | volgen | checken",
        "asks when": "wanneer | hoe laat | hoe lang | welke dag | tot wanneer",
        "asks where": "waar | in de buurt | dichtstbijzijnde | dichtbij",
        "asks how much": "hoeveel | wat kost | hoe duur | hoe ver",
        "asks how": "hoe kan ik | hoe werkt | hoe moet | hoe krijg | wat moet ik",
        "asks what": "wat | welke | welk | wie | of mijn",
        "asks why": "waarom | hoezo | wat is er gebeurd",
        "asks whether": "is er | zijn er | heeft u | hebben jullie | is mijn | is het | is de | zijn de | "
        "biedt u | bestaat er",
        "names a fact": "saldo | status | openingstijden | prijs | prijzen | kost | kosten | tarief | "
        "tarieven | rente | weer | beschikba* | korting* | aanbiedingen | limiet | "
        "rekeningnummer | polisnummer | transacties | vervaldatum | levertijd | "
        "voorwaarden | filiaal | geldautomaat",
        "names a find": "restaurant* | films | evenement* | concert* | appartement* | hotels | dokter | "
        "vluchten | treinen | winkels | kapper",
        "changes": "wijzig* | verander* | aanpassen | bijwerken | vervang* | verleng* | resetten | "
        "verhogen | corrigeren | verplaatsen | verhuiz* | omruilen | overstappen",
        "ends": "annuler* | opzeggen | verwijder* | sluiten | blokker* | stoppen | beëindig* | "
        "afmelden | retour* | terugsturen",
        "creates": "openen | aanmaken | toevoegen | aanmelden | registrer* | aanvragen | aanvraag | "
        "activer* | afsluiten | installer* | nieuwe rekening | inschrijven",
        "buys": "kopen | bestellen | ik bestel | betalen | huren | ik neem",
        "books": "boeken | boeking | reserver* | afspraak | kaartje* | ticket | tickets | tafel voor",
        "sends": "stuur | sturen | overmaken | overboeken | bezorgen | kopie | factuur | bon | "
        "bewijs | document* | geef mij | opsturen | verzenden",
        "breaks": "kapot | werkt niet | doet het niet | fout | probleem | problemen | beschadigd | "
        "verloren | kwijt | gestolen | ontbreekt | vergeten | betwist* | terugbetal* | "
        "fraude | onjuist | schade | melden | ongeluk | klacht | repar* | dubbel | "
        "niet ontvangen | geblokkeerd",
        "plays": "afspelen | luister* | speel | streamen",
        "hurries": "dringend | direct | onmiddellijk | spoed | zo snel mogelijk | meteen",
        "accepts": "klinkt goed | perfect | prima | akkoord | dat is goed | bevalt me",
        "thanks": "bedankt | dank u | dank je | geweldig",
        "yields": "ja | oké | ok | goed | zeker | klopt",
    },
)
"""The cues of Dutch."""
