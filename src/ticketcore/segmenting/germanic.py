"""What people do in a conversation, in German and Dutch, by what it is a cue for."""

from ticketcore.cues.language import Language

GERMAN = Language(
    "de",
    {
        "greets": "hallo | guten tag | guten morgen | guten abend | grüß gott | grüß dich | servus | "
        "moin | grüezi | sehr geehrte | sehr geehrter | liebes team | wie geht es ihnen | "
        "wie geht's | schönen guten tag | hallöchen",
        "parts": "tschüss | tschüs | auf wiedersehen | wiedersehen | bis bald | bis später | bis dann | "
        "ciao | auf wiederhören | gute nacht | mach's gut | machen sie es gut | bis morgen",
        "wishes well": "schönen tag | guten tag noch | gleichfalls | ebenfalls | viel spaß | "
        "guten appetit | gute fahrt | viel erfolg | alles gute | gern geschehen | gerne geschehen | "
        "bitte sehr | bitte schön | bitteschön | kein problem | keine ursache | schönen abend | "
        "schönes wochenende | viel vergnügen | passen sie auf sich auf | genießen sie | ihnen auch | "
        "gute reise | nichts zu danken | schöne fahrt | freut mich",
        "ends it": "das ist alles | das wäre alles | das war alles | das war's | das wär's | das wars | "
        "mehr nicht | nichts weiter | sonst nichts | nein danke | nichts mehr | das reicht | "
        "ich bin fertig | das genügt | alles erledigt | alles klar danke | mehr brauche ich nicht | "
        "im moment nicht | keine weiteren fragen | brauche nichts | das ist es | das war es",
        "thanks for it": "danke | vielen dank | dankeschön | danke schön | danke sehr | "
        "herzlichen dank | besten dank | ich danke | dank | bedanke mich | dankbar",
        "agrees": "ja | jawohl | jep | genau | richtig | stimmt | natürlich | klar | sicher | "
        "selbstverständlich | das ist richtig | korrekt | ja bitte | auf jeden fall | gerne | gern",
        "takes in": "ok | okay | gut | super | toll | prima | perfekt | großartig | alles klar | "
        "in ordnung | verstanden | verstehe | ach so | aha | oh | hm | schön | wunderbar | "
        "ausgezeichnet | sehr gut | fein | klasse | fantastisch | cool",
        "denies": "nein | nicht | kein | keine | keinen | nee | doch | falsch | stattdessen | eigentlich | nie | weder",
        "adds": "außerdem | auch | noch eine | noch ein | noch etwas | zusätzlich | übrigens | "
        "des weiteren | weitere frage | eine andere | ein anderes | als nächstes | nebenbei | "
        "ferner | zudem | dazu noch | zweite frage",
        "points back": "es | das | dies | diese | dieser | dieses | dort | da | sie | er | ihm | ihn | "
        "ihnen | ihr | denselben | dasselbe | dann | davon | dafür | damit | daran | die erste | "
        "die zweite | der erste | der zweite",
        "resumes": "immer noch | noch immer | gibt es neuigkeiten | wieder | nochmal | noch einmal | "
        "wie gesagt | bezüglich | vorhin | gestern | zurück zu | was ist mit | nachfrage | "
        "zu meiner | zu meinem | wegen | warte | vorherige | betreffend | letztes mal",
        "says what i need": "ich brauche | ich möchte | ich will | ich würde gern | ich würde gerne | "
        "ich hätte gern | ich hätte gerne | ich suche | ich war auf der suche | "
        "ich bin auf der suche | ich muss | ich wollte | ich habe ein problem | "
        "ich habe eine frage | ich habe mich gefragt | ich versuche | können sie mir helfen | "
        "könnten sie mir helfen | helfen sie mir | ich benötige | wir möchten | wir brauchen | "
        "wir suchen | ich interessiere mich | ich rufe an | ich schreibe | ich hoffe | ich plane | "
        "ich wünsche | ich überlege | hätte gerne | würde gerne | ich habe hunger | "
        "ich habe vergessen | ich habe verloren | suche",
        "says who": "mein name ist | ich heiße | mein name lautet | hier ist | name ist",
        "asks for more": "noch etwas | sonst noch | noch was | weitere hilfe | weiterhelfen | "
        "weitere fragen | noch weitere | etwas anderes | noch irgendwas | anderes für sie | "
        "noch helfen | außerdem noch",
        "offers help": "wie kann ich helfen | wie kann ich ihnen | was kann ich für sie | "
        "womit kann ich | wie darf ich | kann ich ihnen helfen | was möchten sie | wobei kann ich | "
        "wie können wir | was kann ich",
        "asks name": "ihr name | ihren namen | wie heißen sie | auf welchen namen | "
        "wie lautet ihr name | der name | namen und | welchen namen | den namen",
        "asks number": "ihre nummer | telefonnummer | kontonummer | bestellnummer | kundennummer | "
        "buchungsnummer | rufnummer | postleitzahl | auftragsnummer | handynummer | pin | "
        "vertragsnummer | rechnungsnummer | referenznummer | nummer",
        "asks mail": "e-mail | email | mailadresse | e-mail-adresse | emailadresse",
        "asks consent": "möchten sie | wollen sie | ist das richtig | ist das korrekt | soll ich | "
        "sollen wir | bestätigen | können sie bestätigen | passt das | ist das in ordnung | "
        "ist das ok | ist das okay | sind sie sicher | würden sie gerne | einverstanden | "
        "stimmt das | darf ich | klingt das | richtig | geht das | wäre das | haben sie | "
        "hätten sie | brauchen sie | benötigen sie",
        "asks to choose": "welche | welcher | welches | welchen | bevorzugen | lieber | was für | "
        "vorliebe | vorlieben | präferenz | bestimmtes | bestimmte | entweder",
        "asks date": "wann | welches datum | welcher tag | welchen tag | um wie viel uhr | "
        "wie viel uhr | wie lange | zu welcher zeit | welche uhrzeit | bis wann | für wann | "
        "geburtsdatum",
        "reports it done": "wurde | wurden | gebucht | reserviert | bestätigt | erfolgreich | erledigt | "
        "abgeschlossen | gesendet | verschickt | hinzugefügt | bestellt | storniert | aktualisiert | "
        "vereinbart | aufgegeben | unterwegs | wird in | ist fertig | sie erhalten | sie bekommen | "
        "fertig",
        "waits": "einen moment | moment bitte | einen augenblick | warten sie | lassen sie mich | "
        "ich prüfe | ich schaue | ich sehe nach | sekunde | eine minute | ich überprüfe | "
        "bleiben sie dran | geben sie mir | ich suche gerade",
        "is sorry": "entschuldigung | entschuldigen | leider | es tut mir leid | tut mir leid | "
        "verzeihung | sorry | bedaure",
    },
)
"""The cues of German."""


DUTCH = Language(
    "nl",
    {
        "greets": "hallo | hoi | goedemorgen | goedemiddag | goedenavond | goedendag | dag mevrouw | "
        "dag meneer | geachte | beste | hé",
        "parts": "doei | tot ziens | tot straks | tot later | dag hoor | goedenacht | tot morgen | tot dan",
        "wishes well": "fijne dag | prettige dag | fijne avond | prettige avond | insgelijks | "
        "veel plezier | eet smakelijk | goede reis | graag gedaan | geen probleem | geen dank | "
        "tot uw dienst | succes | fijn weekend | jij ook | u ook",
        "ends it": "dat is alles | dat was alles | dat was het | niets meer | verder niets | "
        "nee bedankt | nee dank u | nee dank je | dat is genoeg | ik ben klaar | meer niet | "
        "geen vragen meer | nu niet | niets anders",
        "thanks for it": "bedankt | dank u | dank je | dankjewel | dankuwel | hartelijk dank | dank | dankbaar",
        "agrees": "ja | jazeker | zeker | klopt | inderdaad | precies | natuurlijk | uiteraard | ja graag | juist",
        "takes in": "ok | oké | goed | mooi | prima | perfect | geweldig | begrepen | ik begrijp | "
        "helder | top | leuk | fijn | in orde | duidelijk | ah | oh",
        "denies": "nee | niet | geen | nooit | fout | verkeerd | eigenlijk | toch niet",
        "adds": "ook | ook nog | nog een | bovendien | daarnaast | trouwens | verder | andere vraag | "
        "nog iets | tweede vraag | nog een vraag",
        "points back": "het | dat | dit | deze | daar | ze | hen | hem | haar | dezelfde | hetzelfde | "
        "dan | ervan | daarvan | de eerste | de tweede",
        "resumes": "nog steeds | is er nieuws | opnieuw | nogmaals | zoals gezegd | betreffende | "
        "over mijn | eerder | gisteren | terug naar | wat betreft | wacht nog | vorige",
        "says what i need": "ik wil | ik zou graag | ik heb nodig | ik zoek | ik ben op zoek | ik moet | "
        "ik wilde | ik heb een probleem | ik heb een vraag | ik vroeg me af | ik probeer | "
        "kunt u mij helpen | kan je me helpen | kun je me helpen | help me | we willen | "
        "wij zoeken | ik bel | ik schrijf | ik hoop | ik wens | ik heb hulp",
        "says who": "mijn naam is | ik heet | ik ben de heer | ik ben mevrouw | naam is",
        "asks for more": "nog iets | anders nog | verder nog | nog vragen | andere vragen | "
        "verder helpen | nog ergens mee | iets anders",
        "offers help": "hoe kan ik helpen | hoe kan ik u | waarmee kan ik | wat kan ik voor u | "
        "kan ik u helpen | hoe kunnen we | wat kan ik doen",
        "asks name": "uw naam | je naam | hoe heet u | hoe heet je | op welke naam | de naam | "
        "welke naam | volledige naam",
        "asks number": "uw nummer | telefoonnummer | rekeningnummer | bestelnummer | klantnummer | "
        "ordernummer | boekingsnummer | postcode | pincode | polisnummer | factuurnummer | "
        "referentienummer | nummer",
        "asks mail": "e-mail | email | mailadres | e-mailadres | emailadres",
        "asks consent": "wilt u | wil je | klopt dat | is dat juist | is dat goed | zal ik | moet ik | "
        "kunt u bevestigen | bevestigen | bent u zeker | weet u zeker | zou u willen | akkoord | "
        "past dat | mag ik | heeft u | hebt u",
        "asks to choose": "welke | welk | liever | voorkeur | wat voor | bepaalde",
        "asks date": "wanneer | welke datum | welke dag | hoe laat | hoe lang | tot wanneer | geboortedatum",
        "reports it done": "is geboekt | geboekt | gereserveerd | bevestigd | gelukt | afgerond | "
        "verzonden | verstuurd | toegevoegd | besteld | geannuleerd | bijgewerkt | voltooid | "
        "is klaar | onderweg | u ontvangt | geregeld",
        "waits": "een moment | moment alstublieft | een ogenblik | wacht even | even kijken | "
        "ik kijk even | ik controleer | laat me even | momentje",
        "is sorry": "sorry | excuses | het spijt me | helaas | pardon | neem me niet kwalijk",
    },
)
"""The cues of Dutch."""
