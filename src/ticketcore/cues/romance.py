"""What customers say in French, Spanish, Portuguese and Italian, by what it is a cue for."""

from ticketcore.cues.language import Language

FRENCH = Language(
    "fr",
    {
        "wants": "je veux | je voudrais | je souhaite | j'aimerais | je désire | j'ai besoin | "
        "besoin de | souhaiterais | je cherche à | intéressé",
        "asks us": "pouvez-vous | pouvez vous | pourriez-vous | pourriez vous | peux-tu | aidez-moi | "
        "m'aider | vous pouvez | est-ce que vous pouvez",
        "asks leave": "puis-je | puis je | est-ce que je peux | je peux | serait-il possible | "
        "est-il possible | pourrais-je",
        "please": "s'il vous plaît | svp | s'il te plaît | merci de | veuillez",
        "knows": "savoir | connaître | dites-moi | me dire | informer | information* | renseign* | "
        "détails | expliqu* | question sur | comprendre | m'indiquer | en savoir plus",
        "seeks": "trouver | cherche | rechercher | recherche | chercher | à la recherche",
        "asks advice": "recommand* | suggér* | suggestions | conseil* | options | idées | montrez-moi | proposer",
        "checks": "vérifi* | consulter | voir | regarder | confirmer | suivre",
        "asks when": "quand | à quelle heure | combien de temps | quel jour | jusqu'à quand | quelle date",
        "asks where": "où | près de | à proximité | le plus proche | la plus proche",
        "asks how much": "combien | quel est le prix | quel prix",
        "asks how": "comment | que dois-je faire | quelle est la procédure | la démarche",
        "asks what": "quel | quelle | quels | quelles | qu'est-ce | quoi | qui est",
        "asks why": "pourquoi | que s'est-il passé",
        "asks whether": "est-ce que | y a-t-il | avez-vous | est-il | est-elle | sont-ils | a-t-il | "
        "a-t-elle | proposez-vous | existe-t-il",
        "names a fact": "solde | statut | état de | horaires | prix | coûte | coûtent | tarif* | frais | "
        "taux | météo | disponib* | promotion* | réduction* | plafond | numéro de compte | "
        "historique | échéance | délai | avis | conditions | agence | distributeur",
        "names a find": "restaurant* | films | événement* | concert* | appartement* | hôtels | médecin* | "
        "vols | trains | magasins | coiffeur | attractions",
        "changes": "changer | modif* | mettre à jour | mise à jour | remplac* | renouvel* | "
        "réinitialis* | augmenter | déplacer | corriger | déménag* | reporter | échanger | "
        "prolonger",
        "ends": "annul* | résili* | supprimer | fermer | clôtur* | bloquer | arrêter | désabonn* | "
        "retirer | retourner | opposition",
        "creates": "ouvrir un | ouvrir | créer | ajouter | inscrire | m'inscrire | souscri* | activer | "
        "installer | nouveau compte | enregistrer | demande de",
        "buys": "acheter | commander | passer commande | passer une commande | payer | louer | je prends | régler",
        "books": "réserv* | rendez-vous | billet* | table pour",
        "sends": "envoy* | virement | transférer | livrer | copie | facture | reçu | attestation | "
        "justificatif | document* | fournir | donnez-moi | certificat | faire parvenir",
        "breaks": "ne fonctionne pas | ne marche pas | en panne | cassé* | erreur | problème* | "
        "endommagé* | perdu* | volé* | manqu* | oublié | litige | rembours* | fraude | "
        "incorrect* | sinistre | accident | déclarer | signaler | réclamation | plainte | "
        "réparer | débité | pas reçu | bloqué",
        "plays": "jouer | lire la | écouter | diffuser | lancer",
        "hurries": "urgent* | immédiatement | maintenant | tout de suite | rapidement | au plus vite",
        "accepts": "ça me va | parfait | ça marche | très bien | c'est bon | d'accord | "
        "ça me convient | excellent choix",
        "thanks": "merci | super | génial",
        "yields": "oui | ok | bien sûr | entendu",
    },
)
"""The cues of French."""


SPANISH = Language(
    "es",
    {
        "wants": "quiero | quisiera | me gustaría | necesito | deseo | querría | quería | estoy interesad* | tengo que",
        "asks us": "puede | puedes | podría | podrías | pueden | me ayuda | ayúdame | ayúdeme | ayudarme | podrían",
        "asks leave": "puedo | podría yo | es posible | se puede | podemos | sería posible",
        "please": "por favor | favor de",
        "knows": "saber | conocer | decirme | dígame | dime | información | informar* | detalles | "
        "explicar* | explique | pregunta sobre | consulta sobre | averiguar | entender | "
        "indicarme",
        "seeks": "encontrar | busco | buscar | buscando | búsqueda",
        "asks advice": "recomend* | recomiend* | suger* | opciones | ideas | consejo* | muéstrame | muéstreme",
        "checks": "comprobar | verificar | consultar | ver | revisar | confirmar | rastrear",
        "asks when": "cuándo | cuando | a qué hora | cuánto tiempo | qué día | hasta cuándo | en qué fecha",
        "asks where": "dónde | donde | cerca de | más cercan*",
        "asks how much": "cuánto | cuanto | cuántos | cuántas | cuál es el precio | qué precio",
        "asks how": "cómo | como puedo | qué debo hacer | cuál es el procedimiento",
        "asks what": "qué | cuál | cuáles | quién",
        "asks why": "por qué | porqué | qué pasó",
        "asks whether": "hay | tienen | tiene | está mi | es el | son los | ofrecen | ha llegado | existe",
        "names a fact": "saldo | estado | horario* | precio* | cuesta | cuestan | costo | costos | coste* | "
        "tarifa* | comisión | comisiones | tasa | tiempo hará | disponib* | descuento* | "
        "promociones | límite | número de cuenta | historial | movimientos | vencimiento | "
        "plazo | requisitos | sucursal | cajero",
        "names a find": "restaurante* | películas | evento* | concierto* | apartamento* | hoteles | "
        "médico* | vuelos | trenes | tiendas | peluquería | atracciones",
        "changes": "cambi* | modific* | actualiz* | reemplaz* | renov* | restablecer | aumentar | "
        "corregir | mover | mudanza | aplazar | sustituir",
        "ends": "cancel* | anular | eliminar | cerrar | bloque* | dar de baja | darme de baja | "
        "detener | quitar | devolver | devolución",
        "creates": "abrir | crear | añadir | agregar | registr* | inscrib* | darme de alta | "
        "dar de alta | solicitar | solicitud | activar | contratar | instalar | nueva cuenta",
        "buys": "comprar | pedir | pedido de | pagar | alquilar | me llevo | encargar",
        "books": "reserv* | cita | boleto* | billete* | entradas | mesa para | agendar",
        "sends": "enviar | enviarme | envíe | envíeme | envíenme | envíame | mandar | transferir | "
        "transferencia | entregar | copia | factura | recibo | comprobante | certificado | "
        "documento* | deme | dame",
        "breaks": "no funciona | roto | rota | averiad* | error* | problema* | dañad* | perdí | "
        "perdid* | robad* | falta | olvid* | disputa | reembols* | fraude | incorrect* | "
        "siniestro | accidente | reportar | denunciar | reclam* | queja | repar* | "
        "cobraron | cobro | no ha llegado | no llegó | bloqueada",
        "plays": "reproducir | reproduce | escuchar | pon la | poner la",
        "hurries": "urgente* | inmediatamente | ahora | ya mismo | cuanto antes | rápido",
        "accepts": "me parece bien | perfecto | suena bien | está bien | de acuerdo | me gusta | genial",
        "thanks": "gracias | muchas gracias | estupendo",
        "yields": "sí | si | vale | claro | bueno | correcto",
    },
)
"""The cues of Spanish."""


PORTUGUESE = Language(
    "pt",
    {
        "wants": "quero | queria | gostaria | preciso | desejo | necessito | tenho que | estou interessad*",
        "asks us": "você pode | pode me | poderia | podem | pode | podia | me ajuda | me ajude | ajudar-me | poderiam",
        "asks leave": "posso | é possível | podemos | seria possível | poderia eu",
        "please": "por favor | por gentileza | favor",
        "knows": "saber | conhecer | me diga | diga-me | dizer-me | informar | informaç* | detalhes | "
        "explicar | explique | dúvida sobre | pergunta sobre | entender | descobrir",
        "seeks": "encontrar | procuro | procurar | procurando | buscar | busco | achar",
        "asks advice": "recomend* | suger* | sugest* | opções | ideias | dica* | mostre",
        "checks": "verificar | consultar | ver | conferir | checar | confirmar | rastrear",
        "asks when": "quando | a que horas | que horas | quanto tempo | que dia | até quando | qual a data",
        "asks where": "onde | perto de | mais próxim*",
        "asks how much": "quanto | quantos | quantas | qual o preço | qual é o preço",
        "asks how": "como | o que devo fazer | qual o procedimento",
        "asks what": "qual | quais | o que | quem",
        "asks why": "por que | por quê | porque é que | o que aconteceu",
        "asks whether": "há | existe | vocês têm | tem algum | está o | está a | meu pedido já | oferecem | será que",
        "names a fact": "saldo | status | estado do | horário* | preço* | custa | custam | custo | custos | "
        "tarifa* | taxa* | previsão do tempo | disponib* | desconto* | promoç* | limite | "
        "número da conta | histórico | extrato | vencimento | prazo | requisitos | agência | "
        "caixa eletrônico",
        "names a find": "restaurante* | filmes | evento* | apartamento* | hotéis | médico* | voos | trens | "
        "lojas | atrações",
        "changes": "mudar | mudança | alterar | alteração | modific* | atualiz* | trocar | substitu* | "
        "renov* | redefinir | aumentar | corrigir | adiar | remarcar",
        "ends": "cancel* | encerrar | excluir | apagar | fechar | bloque* | parar | remover | "
        "devolver | devolução | rescindir",
        "creates": "abrir | criar | adicionar | cadastr* | registrar | inscrev* | assinar | ativar | "
        "solicitar | contratar | instalar | nova conta",
        "buys": "comprar | pedir | encomendar | pagar | alugar | vou levar",
        "books": "reserv* | agendar | marcar | consulta com | ingresso* | bilhete* | passagem | mesa para",
        "sends": "enviar | envie | enviem | me envia | mandar | transferir | transferência | "
        "entregar | cópia | fatura | recibo | comprovante | certificado | documento* | "
        "segunda via | me dê",
        "breaks": "não funciona | quebrad* | quebrou | com defeito | erro* | problema* | danificad* | "
        "perdi | perdid* | roubad* | falta | esqueci | contestar | reembols* | fraude | "
        "incorret* | sinistro | acidente | reportar | denunciar | reclam* | consert* | "
        "cobrad* | não chegou | bloqueado",
        "plays": "tocar | toque | reproduzir | ouvir | assistir",
        "hurries": "urgente* | imediatamente | agora | já | o quanto antes | rápido",
        "accepts": "parece bom | perfeito | parece ótimo | está bem | de acordo | gostei | combinado | ótima escolha",
        "thanks": "obrigado | obrigada | ótimo | legal",
        "yields": "sim | ok | certo | claro | tudo bem",
    },
)
"""The cues of Portuguese."""


ITALIAN = Language(
    "it",
    {
        "wants": "voglio | vorrei | ho bisogno | desidero | mi servirebbe | mi serve | "
        "mi piacerebbe | sono interessat* | devo",
        "asks us": "potete | può | potrebbe | potreste | puoi | mi aiuti | aiutatemi | aiutarmi",
        "asks leave": "posso | è possibile | potrei | possiamo | sarebbe possibile",
        "please": "per favore | per piacere | per cortesia | cortesemente | si prega",
        "knows": "sapere | conoscere | dirmi | mi dica | dimmi | informazion* | informar* | "
        "dettagli | spiegar* | spiega | domanda su | capire | scoprire",
        "seeks": "trovare | cerco | cercare | cercando | ricerca | alla ricerca",
        "asks advice": "consigli* | raccomand* | sugger* | opzioni | idee | mostrami | mostratemi",
        "checks": "verificare | controllare | consultare | vedere | confermare | tracciare",
        "asks when": "quando | a che ora | quanto tempo | che giorno | fino a quando | in che data",
        "asks where": "dove | vicino a | più vicin*",
        "asks how much": "quanto | quanti | quante | qual è il prezzo",
        "asks how": "come posso | come si | come faccio | come funziona | cosa devo fare | qual è la procedura",
        "asks what": "quale | quali | cosa | che cosa | qual | chi",
        "asks why": "perché | come mai | cosa è successo",
        "asks whether": "c'è | ci sono | avete | è il mio | è la mia | è il | sono i | offrite | è arrivato | esiste",
        "names a fact": "saldo | stato | orari* | prezzo | prezzi | costa | costano | costo | costi | "
        "tariff* | tasso | commission* | meteo | disponib* | sconto | sconti | promozion* | "
        "limite | numero di conto | storico | movimenti | scadenza | requisiti | filiale | "
        "bancomat",
        "names a find": "ristorant* | film da | eventi | concert* | appartament* | alberghi | hotel a | "
        "medico | voli | treni | negozi | attrazioni",
        "changes": "cambi* | modific* | aggiorn* | sostitu* | rinnov* | reimpostare | aumentare | "
        "correggere | spostare | trasloc* | rimandare",
        "ends": "cancell* | annull* | disdire | disdetta | eliminare | chiudere | bloccare | "
        "interrompere | rimuovere | restituire | reso | recedere",
        "creates": "aprire | creare | aggiungere | iscriver* | registrar* | attivare | sottoscriver* | "
        "richiedere | richiesta di | installare | nuovo conto",
        "buys": "comprare | acquist* | ordinare | pagare | noleggiare | prendo",
        "books": "prenot* | appuntamento | bigliett* | tavolo per | riserv*",
        "sends": "invia* | inviare | mandare | bonifico | trasferire | consegnare | copia | fattura | "
        "ricevuta | certificato | document* | mi dia | dammi | spedire",
        "breaks": "non funziona | rott* | guast* | errore | errori | problem* | danneggiat* | perso | "
        "smarrit* | rubat* | manca | dimenticat* | contest* | rimbors* | frode | sbagliat* | "
        "sinistro | incidente | segnalare | denunciare | reclamo | riparare | addebitat* | "
        "non è arrivato | bloccata",
        "plays": "riprodurre | riproduci | ascoltare | guardare | suona",
        "hurries": "urgente | urgentemente | immediatamente | adesso | subito | al più presto",
        "accepts": "va bene | perfetto | suona bene | d'accordo | mi piace | ottima scelta",
        "thanks": "grazie | ottimo | fantastico",
        "yields": "sì | si | ok | certo | esatto",
    },
)
"""The cues of Italian."""
