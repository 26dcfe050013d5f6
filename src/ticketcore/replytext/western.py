"""The languages of western and northern Europe."""

from ticketcore.replytext.language import Language

WESTERN = (
    Language(
        "en",
        openers="on | in article | in message | in a message",
        verbs="wrote | writes | has written",
        quoting="quoting",
        senders="from",
        dates="date | sent | sent on | when",
        recipients="to | cc | bcc | reply-to | reply to | importance | attachments",
        subjects="subject",
        originals="original message | original e-mail | original email | original appointment | reply message | "
        "original mail | message history | reply above this line | type your reply above this line | "
        "please reply above this line | please type your reply above this line | respond above this line | "
        "please respond above this line | do not write below this line | please do not write below this line",
        forwards="forwarded message | begin forwarded message | forwarded by | start of forwarded message | "
        "forwarded mail | forwarded email",
        greetings="regards | best regards | kind regards | warm regards | kindest regards | warmest regards | "
        "best wishes | sincerely | yours sincerely | sincerely yours | yours faithfully | yours truly | "
        "cheers | best | "
        "respectfully | cordially | all the best | rgds | br | kr | with appreciation | take care | yours",
        devices="sent from | sent via | sent using | sent with | get outlook for | sent by | typed on my",
        disclaimers="this e-mail and any attachment | this email and any attachment | "
        "this message and any attachment | "
        "this message is intended | this email is intended | this e-mail is intended | confidentiality notice | "
        "the information contained in this | the information in this e | this email is confidential | "
        "this e-mail is confidential | this message is confidential | this e-mail may contain | "
        "this email may contain | "
        "this message may contain | this email message is | this e-mail message is | this communication is | "
        "this message contains | this email contains | this e-mail contains | the contents of this e | "
        "if you are not the intended recipient | disclaimer: | "
        "please consider the environment | think before you print | you are receiving this | "
        "you received this message because | to unsubscribe | this email has been checked for viruses | "
        "this email has been scanned",
        people="i | you | your | we | our | my | they | he | she | us | me | agent | colleague | support team",
    ),
    Language(
        "de",
        openers="am",
        verbs="schrieb | schreibt | hat geschrieben | geschrieben",
        quoting="zitat von | zitiere",
        senders="von | absender",
        dates="gesendet | datum | gesendet am | date",
        recipients="an | kopie | cc | antwort an | empfänger | bcc",
        subjects="betreff",
        originals="ursprüngliche nachricht | originalnachricht | original-nachricht | ursprüngliche mitteilung | "
        "original nachricht | ursprünglicher termin | originaltermin | urspr. mitteilung | "
        "bitte über dieser linie antworten | "
        "bitte antworten sie oberhalb dieser linie",
        forwards="weitergeleitete nachricht | weitergeleitete mail | anfang der weitergeleiteten nachricht | "
        "anfang der weitergeleiteten e-mail | beginn der weitergeleiteten nachricht | weitergeleitet von",
        greetings="mit freundlichen grüßen | mit freundlichem gruß | freundliche grüße | viele grüße | beste grüße | "
        "liebe grüße | herzliche grüße | schöne grüße | mit besten grüßen | mit herzlichen grüßen | "
        "hochachtungsvoll | "
        "mit freundlichen gruessen | freundliche gruesse | viele gruesse | beste gruesse | liebe gruesse | "
        "mfg | lg | vg | gruß | grüße | gruss | mit lieben grüßen | mit vielen grüßen | schönen gruß | besten gruß",
        devices="von meinem | gesendet von | gesendet mit | von meiner | diese nachricht wurde von meinem | "
        "gesendet über | "
        "mit der | von iphone | von unterwegs | iphone gesendet | gerät gesendet | ipad gesendet | "
        "smartphone gesendet | "
        "handy gesendet | outlook für",
        disclaimers="diese e-mail enthält vertrauliche | diese mail enthält vertrauliche | "
        "diese e-mail ist vertraulich | "
        "diese nachricht ist vertraulich | diese nachricht enthält vertrauliche | der inhalt dieser e-mail | "
        "diese e-mail und alle | diese e-mail kann vertrauliche | diese nachricht kann vertrauliche",
        people="ich | sie | ihr | ihre | ihrer | wir | du | mir | uns | kollege | kollegin | mitarbeiter",
    ),
    Language(
        "fr",
        openers="le | en date du | en réponse à",
        verbs="a écrit | écrit | a écrit ceci | écrivait",
        quoting="citation de | quotation de",
        senders="de | expéditeur",
        dates="date | envoyé | envoyé le | date d'envoi",
        recipients="à | a | cc | cci | destinataire | répondre à | pour",
        subjects="objet | sujet",
        originals="message d'origine | message original | message d’origine | courriel original | message initial | "
        "mail original | répondre au-dessus de cette ligne | veuillez répondre au-dessus de cette ligne",
        forwards="message transféré | message transmis | début du message réexpédié | début du message transféré | "
        "message réexpédié | transféré par | mail transféré | courriel transféré",
        greetings="cordialement | bien cordialement | très cordialement | sincères salutations | salutations | "
        "meilleures salutations | bien à vous | bien à toi | respectueusement | cdt | cdlt | bonne journée | "
        "amicalement | "
        "bien sincèrement | sincèrement | bonne soirée | salutations distinguées | bonne réception",
        devices="envoyé de | envoyé depuis | envoyé à partir | envoyé par | obtenir outlook | télécharger outlook | "
        "envoyé avec | provenance : courrier | provenance: courrier | envoyé d'",
        disclaimers="ce message et ses pièces jointes | ce message et toutes les pièces | "
        "ce message est confidentiel | "
        "ce courriel est confidentiel | ce courriel et | ce message, ainsi que | avis de confidentialité | "
        "ce message peut contenir | ce message contient | pensez à l'environnement | l'intégrité de ce message",
        people="je | vous | nous | votre | vos | notre | tu | ton | collègue",
    ),
    Language(
        "es",
        openers="el | con fecha | en | a las",
        verbs="escribió | escribio | ha escrito | escribe | escribían",
        quoting="mensaje citado por | citando a",
        senders="de | remitente",
        dates="fecha | enviado | enviado el | enviado a las",
        recipients="para | cc | cco | a | responder a | destinatario",
        subjects="asunto",
        originals="mensaje original | correo original | mensaje anterior | responda por encima de esta línea | "
        "por favor, responda por encima de esta línea | mensaje de origen",
        forwards="mensaje reenviado | forwarded message | inicio del mensaje reenviado | reenviado por | "
        "correo reenviado",
        greetings="saludos | un saludo | atentamente | saludos cordiales | cordialmente | un cordial saludo | "
        "muchos saludos | reciba un cordial saludo | un abrazo | saludos atentos | atte | cordial saludo | "
        "le saluda atentamente | le saluda | que tenga un buen día",
        devices="enviado desde | enviado de | enviado con | enviado por | obtener outlook | obtén outlook | "
        "enviado vía",
        disclaimers="este mensaje y sus adjuntos | este mensaje y los | este correo electrónico y | "
        "este mensaje es confidencial | "
        "este correo es confidencial | aviso de confidencialidad | aviso legal | este mensaje va dirigido | "
        "este mensaje puede contener | la información contenida en este | antes de imprimir | "
        "este mensaje contiene | "
        "este e-mail y",
        people="yo | usted | ustedes | nosotros | compañero",
    ),
    Language(
        "pt",
        openers="em | no dia | a | aos | às | na",
        verbs="escreveu | escreve | escreveu o seguinte | escreveu na mensagem",
        quoting="citando",
        senders="de | remetente",
        dates="data | enviado | enviada | enviado em | enviada em | data de envio",
        recipients="para | cc | cco | bcc | a | destinatário | responder a",
        subjects="assunto",
        originals="mensagem original | e-mail original | mensagem anterior | responda acima desta linha | "
        "por favor, responda acima desta linha",
        forwards="mensagem encaminhada | mensagem reencaminhada | início da mensagem encaminhada | "
        "início da mensagem reencaminhada | encaminhado por | início de mensagem encaminhada",
        greetings="atenciosamente | cumprimentos | com os melhores cumprimentos | melhores cumprimentos | "
        "abraço | abraços | "
        "att | cordialmente | obrigado e cumprimentos | saudações | um abraço | respeitosamente | sem mais",
        devices="enviado do | enviado da | enviado de | enviado a partir | enviado pelo | enviada do | "
        "obter o outlook | "
        "enviado por | obtenha o outlook | enviado através | enviado via",
        disclaimers="esta mensagem e seus anexos | esta mensagem é confidencial | esta mensagem pode conter | "
        "esta mensagem e quaisquer | aviso de confidencialidade | este e-mail e | as informações contidas n | "
        "esta mensagem contém | esta mensagem, incluindo",
        people="eu | você | vocês | nós | minha | colega",
    ),
    Language(
        "it",
        openers="il | il giorno | in data | alle | nel giorno",
        verbs="ha scritto | scrisse | scrive | hai scritto",
        quoting="citazione di | quotazione di",
        senders="da | mittente",
        dates="data | inviato | inviata | inviato il | data invio",
        recipients="a | per | cc | ccn | destinatario | rispondi a",
        subjects="oggetto",
        originals="messaggio originale | messaggio originario | messaggio d'origine | messaggio di origine | "
        "rispondi sopra questa riga | si prega di rispondere sopra questa riga",
        forwards="messaggio inoltrato | inizio messaggio inoltrato | inizio del messaggio inoltrato | inoltrato da",
        greetings="cordiali saluti | distinti saluti | saluti | un saluto | cordialmente | i migliori saluti | "
        "un cordiale saluto | buona giornata | tanti saluti | grazie e saluti | con i migliori saluti | in fede",
        devices="inviato da | inviato dal | inviato con | scarica outlook | ottieni outlook | inviato tramite | "
        "inviata da",
        disclaimers="questo messaggio e gli allegati | questo messaggio è confidenziale | "
        "le informazioni contenute in questo | "
        "questa e-mail e | avviso di riservatezza | questo messaggio può contenere | ai sensi del d.lgs | "
        "le informazioni contenute nella presente | questo messaggio di posta | il presente messaggio | "
        "prima di stampare",
        people="io | voi | noi | vostro | vostra | collega",
    ),
    Language(
        "nl",
        openers="op | in | de",
        verbs="schreef | heeft geschreven | geschreven | het volgende geschreven | schreef het volgende",
        quoting="citeren van | quoting",
        senders="van | afzender",
        dates="datum | verzonden | verstuurd | verzonden op | datum verzonden",
        recipients="aan | cc | bcc | kopie | antwoord aan",
        subjects="onderwerp",
        originals="oorspronkelijk bericht | origineel bericht | oorspronkelijk e-mailbericht | "
        "oorspronkelijke afspraak | "
        "antwoord boven deze regel | gelieve boven deze lijn te antwoorden",
        forwards="doorgestuurd bericht | begin doorgestuurd bericht | doorgestuurd door | doorgezonden bericht",
        greetings="met vriendelijke groet | met vriendelijke groeten | vriendelijke groeten | "
        "vriendelijke groet | groeten | "
        "groet | hartelijke groeten | hartelijke groet | mvg | hoogachtend | met hartelijke groet | gr",
        devices="verstuurd vanaf | verzonden vanaf | verstuurd met | verzonden met | verzonden via | outlook voor | "
        "verstuurd via | verstuurd van | download outlook",
        disclaimers="dit bericht is vertrouwelijk | dit bericht en eventuele bijlagen | "
        "deze e-mail is vertrouwelijk | "
        "de informatie in dit bericht | deze e-mail en eventuele | de informatie verzonden met | dit e-mailbericht",
        people="ik | u | uw | wij | we | ons | jij | je | jullie | mijn | collega",
    ),
    Language(
        "sv",
        openers="den | på | kl",
        verbs="skrev | skriver | har skrivit",
        quoting="citerar",
        senders="från",
        dates="datum | skickat | skickades | sänt | skickat den",
        recipients="till | kopia | cc | svara till | hemlig kopia",
        subjects="ämne | angående",
        originals="ursprungligt meddelande | originalmeddelande | ursprungsmeddelande | svara ovanför denna rad",
        forwards="vidarebefordrat meddelande | vidarebefordrat brev | vidarebefordrat mail | "
        "börja vidarebefordrat meddelande",
        greetings="med vänliga hälsningar | med vänlig hälsning | vänliga hälsningar | hälsningar | mvh | vänligen | "
        "vänlig hälsning | bästa hälsningar | hälsning",
        devices="skickat från | skickades från | hämta outlook | sänt från | skickat med",
        disclaimers="detta meddelande är konfidentiellt | detta e-postmeddelande | detta meddelande kan innehålla",
        people="jag | du | ni | er | vi | vår | min",
    ),
    Language(
        "da",
        openers="den | d | på | kl",
        verbs="skrev | skrev følgende | skriver | har skrevet",
        quoting="citat af | citerer",
        senders="fra",
        dates="dato | sendt | sendt den",
        recipients="til | cc | bcc | svar til",
        subjects="emne",
        originals="oprindelig meddelelse | original meddelelse | oprindelig besked | den oprindelige meddelelse | "
        "svar over denne linje",
        forwards="videresendt meddelelse | videresendt besked | start på videresendt besked | videresendt mail",
        greetings="med venlig hilsen | venlig hilsen | hilsen | de bedste hilsner | bedste hilsner | mvh | vh | kh | "
        "mange hilsner | med venlige hilsner | venlige hilsner",
        devices="sendt fra | hent outlook | sendt med | sendt via",
        disclaimers="denne e-mail er fortrolig | denne e-mail og | denne meddelelse kan indeholde | "
        "denne mail kan indeholde",
        people="jeg | du | jeres | vi | vores | min",
    ),
    Language(
        "no",
        openers="den | på | kl",
        verbs="skrev | skrev følgende | skriver | har skrevet",
        quoting="siterer",
        senders="fra",
        dates="dato | sendt | sendt den",
        recipients="til | kopi | cc | blindkopi | svar til",
        subjects="emne",
        originals="opprinnelig melding | original melding | opprinnelig e-post | svar over denne linjen",
        forwards="videresendt melding | videresendt e-post | start på videresendt melding | videresendt",
        greetings="med vennlig hilsen | vennlig hilsen | hilsen | mvh | beste hilsen | med hilsen | "
        "vennlige hilsener | "
        "mange hilsener",
        devices="sendt fra | sendt med | skaff deg outlook | last ned outlook",
        disclaimers="denne e-posten er konfidensiell | denne e-posten kan inneholde | denne meldingen kan inneholde",
        people="jeg | du | dere | deres | vi | vår | min",
    ),
    Language(
        "fi",
        openers="ma | ti | ke | to | pe | la | su",
        verbs="kirjoitti | kirjoittaa | on kirjoittanut | kirjoitti seuraavaa",
        quoting="lainaus",
        senders="lähettäjä | keneltä",
        dates="päiväys | lähetetty | pvm | päivämäärä | aika",
        recipients="vastaanottaja | kenelle | kopio | cc | vastausosoite",
        subjects="aihe",
        originals="alkuperäinen viesti | vastaa tämän rivin yläpuolelle",
        forwards="välitetty viesti | edelleenlähetetty viesti | välitetty viesti alkaa | alkaa välitetty viesti",
        greetings="ystävällisin terveisin | terveisin | parhain terveisin | t. | yst. terv. | terv. | terveiset | "
        "ystävällisesti | yt",
        devices="lähetetty | hanki outlook",
        disclaimers="tämä viesti on luottamuksellinen | tämä sähköposti | tämä viesti saattaa sisältää",
        people="minä | sinä | te | teidän | me | meidän",
    ),
)
"""Their tables."""
