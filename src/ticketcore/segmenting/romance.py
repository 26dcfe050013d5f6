"""What people do in a conversation, in French, Spanish, Portuguese and Italian, by what it is a cue for."""

from ticketcore.cues.language import Language

FRENCH = Language(
    "fr",
    {
        "greets": "bonjour | bonsoir | salut | coucou | madame monsieur | rebonjour | bjr | comment allez-vous | allô",
        "parts": "au revoir | à bientôt | à plus tard | à plus | bonne nuit | à demain | adieu | ciao",
        "wishes well": "bonne journée | bonne soirée | bon appétit | bon voyage | bonne chance | "
        "bonne fin | de rien | je vous en prie | je t'en prie | avec plaisir | pas de problème | "
        "à vous aussi | vous aussi | amusez-vous | bon week-end | profitez | il n'y a pas de quoi | "
        "bonne continuation",
        "ends it": "c'est tout | ce sera tout | rien d'autre | rien de plus | non merci | ça sera tout | "
        "c'est bon | ça suffit | plus rien | j'ai fini | pas pour le moment | ça ira | "
        "tout est bon | pas besoin | ce n'est pas la peine",
        "thanks for it": "merci | mille mercis | je vous remercie | remercie | merci beaucoup | reconnaissant",
        "agrees": "oui | ouais | exact | exactement | bien sûr | tout à fait | absolument | "
        "certainement | c'est ça | c'est exact | oui s'il vous plaît | volontiers | effectivement",
        "takes in": "d'accord | ok | okay | très bien | parfait | super | génial | bien | entendu | "
        "je vois | je comprends | compris | excellent | ah | oh | formidable | ça marche | bon",
        "denies": "non | pas | ne pas | jamais | faux | plutôt | en fait | aucun | aucune | pas du tout",
        "adds": "aussi | également | en plus | par ailleurs | autre chose | une autre | un autre | "
        "au fait | autre question | de plus | ensuite | encore une | dernière chose | en outre",
        "points back": "il | elle | cela | ça | ceci | celui-ci | celle-ci | celui | celle | ils | "
        "elles | leur | là | ce | cette | ces | le même | la même | le premier | le deuxième | "
        "la première | lui | alors",
        "resumes": "toujours | des nouvelles | encore | à nouveau | comme je disais | concernant | "
        "à propos | tout à l'heure | hier | précédent | j'attends | suite à | au sujet | revenir | "
        "la dernière fois",
        "says what i need": "je veux | je voudrais | je souhaite | j'aimerais | j'ai besoin | "
        "je cherche | je dois | j'ai un problème | j'ai une question | je me demandais | j'essaie | "
        "pouvez-vous m'aider | pourriez-vous m'aider | aidez-moi | nous voulons | nous cherchons | "
        "nous voudrions | je vous contacte | je vous écris | je souhaiterais | je désire | "
        "j'ai perdu | j'ai oublié | il me faut | j'appelle",
        "says who": "je m'appelle | mon nom est | je suis monsieur | je suis madame | c'est monsieur",
        "asks for more": "autre chose | d'autre | une autre question | d'autres questions | "
        "aide supplémentaire | autre demande | encore besoin | puis-je encore | autre service",
        "offers help": "comment puis-je vous aider | comment puis-je | que puis-je faire | "
        "en quoi puis-je | puis-je vous aider | comment pouvons-nous | que puis-je",
        "asks name": "votre nom | quel nom | votre prénom | comment vous appelez-vous | à quel nom | "
        "le nom | nom complet",
        "asks number": "votre numéro | numéro de téléphone | numéro de compte | numéro de commande | "
        "numéro de client | numéro de réservation | code postal | numéro de dossier | référence | "
        "numéro de contrat | numéro",
        "asks mail": "e-mail | email | adresse mail | courriel | adresse électronique",
        "asks consent": "voulez-vous | souhaitez-vous | est-ce correct | est-ce exact | dois-je | "
        "confirmez | pouvez-vous confirmer | est-ce que cela | cela vous convient | "
        "ça vous convient | êtes-vous sûr | aimeriez-vous | c'est bien | désirez-vous | "
        "préférez-vous | avez-vous",
        "asks to choose": "quel | quelle | quels | quelles | lequel | laquelle | préférence | préférez | "
        "en particulier",
        "asks date": "quand | quelle date | quel jour | à quelle heure | combien de temps | "
        "quelle heure | jusqu'à quand",
        "reports it done": "a été | ont été | réservé | confirmé | effectué | avec succès | terminé | "
        "envoyé | ajouté | commandé | annulé | mis à jour | enregistré | c'est fait | en route | "
        "vous recevrez | est prêt",
        "waits": "un instant | un moment | patientez | veuillez patienter | je vérifie | je regarde | "
        "une minute | une seconde | laissez-moi | ne quittez pas",
        "is sorry": "désolé | désolée | pardon | excusez-moi | malheureusement | navré | je regrette | "
        "toutes mes excuses",
    },
)
"""The cues of French."""


SPANISH = Language(
    "es",
    {
        "greets": "hola | buenos días | buenas tardes | buenas noches | buenas | buen día | estimado | "
        "estimada | saludos | qué tal | cómo está | cómo estás",
        "parts": "adiós | hasta luego | hasta pronto | hasta la vista | hasta mañana | chao | chau | "
        "nos vemos | que descanse | cuídese",
        "wishes well": "que tenga | que tengas | buen viaje | buen provecho | buena suerte | de nada | "
        "con gusto | con mucho gusto | igualmente | no hay de qué | no hay problema | disfrute | "
        "que disfrute | feliz día | un placer | es un placer | a la orden | usted también | suerte",
        "ends it": "eso es todo | es todo | sería todo | nada más | no gracias | ya está | "
        "nada por ahora | no necesito nada | no hace falta | con eso | ya no | por ahora no | "
        "eso sería todo | todo bien | no necesito más | listo gracias | ya terminé",
        "thanks for it": "gracias | muchas gracias | mil gracias | te agradezco | le agradezco | "
        "agradecido | agradezco",
        "agrees": "sí | claro | correcto | exacto | exactamente | por supuesto | desde luego | así es | "
        "efectivamente | sí por favor | seguro | eso es | de acuerdo | afirmativo",
        "takes in": "ok | vale | bien | muy bien | perfecto | genial | estupendo | excelente | "
        "entiendo | entendido | bueno | ya veo | ah | oh | suena bien | listo | dale | fantástico | "
        "bárbaro",
        "denies": "no | nunca | tampoco | incorrecto | en realidad | ninguno | ninguna | más bien | en lugar",
        "adds": "también | además | otra cosa | otra pregunta | otro | otra | por cierto | aparte | "
        "de paso | una cosa más | una última | por otro lado | asimismo | adicionalmente",
        "points back": "eso | esto | ese | esa | este | esta | ello | ellos | ellas | allí | ahí | "
        "aquí | él | ella | lo | la misma | el mismo | lo mismo | el primero | la primera | "
        "el segundo | la segunda | entonces",
        "resumes": "todavía | aún | alguna novedad | novedades | de nuevo | otra vez | como dije | "
        "como decía | respecto | sobre mi | antes | ayer | anterior | sigo esperando | en cuanto | "
        "volviendo | la última vez | esperando",
        "says what i need": "quiero | quisiera | me gustaría | necesito | estoy buscando | busco | "
        "tengo que | tengo un problema | tengo una pregunta | tengo una duda | me preguntaba | "
        "intento | estoy intentando | me puede ayudar | puede ayudarme | puedes ayudarme | "
        "me puedes ayudar | ayúdame | ayúdeme | queremos | necesitamos | buscamos | quería | "
        "querría | llamo | escribo | deseo | perdí | olvidé | me interesa | he perdido | he olvidado",
        "says who": "me llamo | mi nombre es | soy el señor | soy la señora | mi nombre completo",
        "asks for more": "algo más | alguna otra | otra consulta | más ayuda | alguna otra cosa | "
        "qué más | en algo más | otra duda | alguna otra pregunta",
        "offers help": "en qué puedo ayudar | en qué puedo ayudarle | cómo puedo ayudar | "
        "cómo puedo ayudarle | en qué le puedo | qué puedo hacer | puedo ayudarle | cómo le puedo | "
        "en qué podemos | cómo puedo ayudarte",
        "asks name": "su nombre | tu nombre | cómo se llama | a qué nombre | nombre completo | "
        "nombre y apellido | el nombre | con quién tengo",
        "asks number": "su número | número de teléfono | número de cuenta | número de pedido | "
        "número de cliente | número de reserva | código postal | número de póliza | referencia | "
        "número de orden | dni | número",
        "asks mail": "correo | email | e-mail | correo electrónico",
        "asks consent": "quiere que | le gustaría | te gustaría | es correcto | está bien | debo | "
        "confirme | confirmar | puede confirmar | está seguro | desea | le parece | te parece | "
        "prefiere | quieres | de acuerdo | tiene usted | está de acuerdo | quisiera usted | "
        "le conviene",
        "asks to choose": "cuál | cuáles | qué tipo | prefiere | preferencia | alguna preferencia | "
        "en particular | qué clase",
        "asks date": "cuándo | qué fecha | qué día | a qué hora | cuánto tiempo | qué hora | "
        "hasta cuándo | para cuándo",
        "reports it done": "ha sido | han sido | reservado | confirmado | con éxito | hecho | "
        "completado | enviado | añadido | agregado | pedido realizado | cancelado | actualizado | "
        "realizado | en camino | recibirá | está listo | fue",
        "waits": "un momento | un segundo | espere | déjeme | permítame | voy a revisar | "
        "estoy revisando | un minuto | deme un | dame un | aguarde",
        "is sorry": "lo siento | perdón | disculpe | disculpa | lamentablemente | desafortunadamente | "
        "lamento | perdone | mil disculpas",
    },
)
"""The cues of Spanish."""


PORTUGUESE = Language(
    "pt",
    {
        "greets": "olá | oi | bom dia | boa tarde | boa noite | prezado | prezada | prezados | "
        "tudo bem | saudações | alô",
        "parts": "adeus | tchau | até logo | até mais | até breve | até amanhã | até a próxima",
        "wishes well": "tenha um | tenha uma | boa viagem | bom apetite | boa sorte | de nada | "
        "por nada | disponha | às ordens | igualmente | não há de quê | sem problema | aproveite | "
        "bom fim de semana | um prazer | você também | bom descanso | imagina",
        "ends it": "é só isso | só isso | isso é tudo | era só isso | mais nada | nada mais | "
        "não obrigado | não obrigada | é tudo | por enquanto não | não preciso | já chega | "
        "está tudo | só isso mesmo | tudo certo",
        "thanks for it": "obrigado | obrigada | muito obrigado | muito obrigada | agradeço | valeu | grato | grata",
        "agrees": "sim | claro | correto | exato | exatamente | com certeza | isso mesmo | certamente | "
        "pode ser | sim por favor | é isso | de facto",
        "takes in": "ok | tá bom | está bem | certo | ótimo | perfeito | entendi | entendo | beleza | "
        "legal | bom | muito bem | excelente | maravilha | ah | oh | combinado | ótima",
        "denies": "não | nunca | jamais | errado | na verdade | nenhum | nenhuma | em vez",
        "adds": "também | além disso | outra coisa | outra pergunta | mais uma | a propósito | aliás | "
        "por fim | outra dúvida | e também | adicionalmente",
        "points back": "isso | isto | esse | essa | este | esta | ele | ela | eles | elas | lá | ali | "
        "aí | aquele | aquela | o mesmo | a mesma | o primeiro | o segundo | a primeira | então | "
        "disso",
        "resumes": "ainda | alguma novidade | novidades | de novo | novamente | como disse | "
        "sobre o meu | sobre a minha | antes | ontem | anterior | continuo | em relação | voltando | "
        "estou esperando | da última vez | aguardando",
        "says what i need": "eu quero | quero | queria | gostaria | preciso | estou procurando | "
        "procuro | tenho que | tenho um problema | tenho uma pergunta | tenho uma dúvida | "
        "estava pensando | estou tentando | pode me ajudar | poderia me ajudar | me ajuda | "
        "me ajude | queremos | precisamos | desejo | perdi | esqueci | pode ajudar-me | "
        "estou à procura | estou com",
        "says who": "meu nome é | o meu nome | me chamo | chamo-me | aqui é",
        "asks for more": "mais alguma coisa | algo mais | alguma outra | outra dúvida | mais ajuda | "
        "outra coisa que | em algo mais | mais alguma dúvida",
        "offers help": "como posso ajudar | em que posso ajudar | como posso te ajudar | "
        "como posso ajudá-lo | o que posso fazer | posso ajudar | como podemos | em que posso",
        "asks name": "seu nome | qual é o seu nome | como se chama | em nome de quem | nome completo | qual o nome",
        "asks number": "seu número | número de telefone | telefone | número da conta | "
        "número do pedido | cpf | cep | número da reserva | código postal | número de cliente | "
        "protocolo | número do cartão | número",
        "asks mail": "e-mail | email | endereço de e-mail | correio eletrónico",
        "asks consent": "você quer | gostaria de | está correto | está certo | devo | posso confirmar | "
        "confirma | confirmar | tem certeza | deseja | pode ser | quer que | o que acha | "
        "você prefere | prefere | concorda | tudo bem se",
        "asks to choose": "qual | quais | que tipo | prefere | preferência | em particular | alguma preferência",
        "asks date": "quando | que data | qual data | que dia | qual dia | que horas | a que horas | "
        "quanto tempo | até quando",
        "reports it done": "foi | foram | reservado | reservada | confirmado | confirmada | "
        "com sucesso | concluído | enviado | adicionado | cancelado | atualizado | feito | "
        "realizado | a caminho | receberá | está pronto | pronto",
        "waits": "um momento | um instante | só um momento | aguarde | espere | deixe-me | "
        "vou verificar | estou verificando | um minuto | só um minuto | um segundo",
        "is sorry": "desculpe | desculpa | sinto muito | lamento | infelizmente | perdão | peço desculpa | desculpas",
    },
)
"""The cues of Portuguese."""


ITALIAN = Language(
    "it",
    {
        "greets": "ciao | salve | buongiorno | buon giorno | buonasera | buona sera | buon pomeriggio | "
        "gentile | egregio | spettabile | come sta | come va",
        "parts": "arrivederci | a presto | a dopo | addio | buonanotte | buona notte | a domani | "
        "alla prossima | arrivederla",
        "wishes well": "buona giornata | buona serata | buon viaggio | buon appetito | buona fortuna | "
        "prego | di niente | di nulla | altrettanto | figurati | si figuri | nessun problema | "
        "buon divertimento | buon fine settimana | è un piacere | anche a lei | anche a te | "
        "con piacere",
        "ends it": "è tutto | questo è tutto | sarebbe tutto | nient'altro | niente altro | no grazie | "
        "basta così | a posto così | sono a posto | per ora no | non serve | ho finito | "
        "per ora è tutto | tutto a posto | non mi serve altro",
        "thanks for it": "grazie | grazie mille | molte grazie | ti ringrazio | la ringrazio | ringrazio | grato",
        "agrees": "sì | certo | corretto | esatto | esattamente | certamente | naturalmente | giusto | "
        "proprio così | sì grazie | sicuro | assolutamente | ovviamente",
        "takes in": "ok | va bene | bene | perfetto | ottimo | benissimo | fantastico | capito | "
        "capisco | d'accordo | bello | ho capito | ah | oh | eccellente | molto bene | ricevuto",
        "denies": "no | non | mai | sbagliato | in realtà | nessuno | nessuna | invece | affatto",
        "adds": "anche | inoltre | un'altra cosa | un'altra domanda | altra domanda | a proposito | "
        "in più | poi vorrei | un altro | un'altra | ancora una | tra l'altro | infine | un'ultima",
        "points back": "esso | quello | quella | questo | questa | ciò | lì | là | loro | lui | lei | "
        "lo stesso | la stessa | il primo | il secondo | la prima | quelli | quelle | ne | allora",
        "resumes": "ancora | novità | aggiornamenti | di nuovo | come dicevo | riguardo | a riguardo | "
        "ieri | precedente | sto aspettando | per quanto riguarda | tornando | l'ultima volta | "
        "in attesa | nuovamente",
        "says what i need": "voglio | vorrei | ho bisogno | mi serve | sto cercando | cerco | devo | "
        "ho un problema | ho una domanda | mi chiedevo | sto provando | può aiutarmi | "
        "mi può aiutare | puoi aiutarmi | mi puoi aiutare | aiutami | mi aiuti | vogliamo | "
        "vorremmo | ci serve | chiamo per | scrivo per | desidero | ho perso | ho dimenticato | "
        "mi interessa | mi piacerebbe | volevo",
        "says who": "mi chiamo | il mio nome | sono il signor | sono la signora",
        "asks for more": "altro | qualcos'altro | altre domande | altra cosa | altro aiuto | "
        "ulteriore assistenza | posso aiutarla ancora | serve altro",
        "offers help": "come posso aiutarla | come posso aiutarti | come posso aiutare | in cosa posso | "
        "cosa posso fare | posso aiutarla | come possiamo | in che modo posso",
        "asks name": "il suo nome | il tuo nome | come si chiama | a che nome | a nome di chi | "
        "nome e cognome | nome completo",
        "asks number": "il suo numero | numero di telefono | numero di conto | numero d'ordine | "
        "numero ordine | numero cliente | numero di prenotazione | codice fiscale | codice | "
        "riferimento | numero di polizza | numero",
        "asks mail": "e-mail | email | indirizzo e-mail | posta elettronica",
        "asks consent": "vuole che | vuole | desidera | le piacerebbe | è corretto | è giusto | devo | "
        "conferma | confermare | può confermare | è sicuro | va bene se | le va bene | preferisce | "
        "che ne dice | d'accordo | vuoi",
        "asks to choose": "quale | quali | che tipo | preferisce | preferenza | preferenze | in particolare",
        "asks date": "quando | che data | quale data | che giorno | quale giorno | a che ora | "
        "quanto tempo | che ora | fino a quando",
        "reports it done": "è stato | è stata | sono stati | prenotato | prenotata | confermato | "
        "confermata | con successo | completato | inviato | aggiunto | annullato | aggiornato | "
        "fatto | effettuato | in arrivo | riceverà | è pronto",
        "waits": "un momento | un attimo | un secondo | attenda | aspetti | mi faccia | "
        "controllo subito | sto controllando | verifico | un minuto | mi lasci",
        "is sorry": "mi dispiace | scusi | scusa | purtroppo | mi scuso | perdono | ci scusiamo | spiacente",
    },
)
"""The cues of Italian."""
