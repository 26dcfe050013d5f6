"""Words of what customers commonly write about: they tell only whether two messages speak of the same."""

from ticketcore.cues.language import Language

SUBJECTS = (
    Language(
        "en",
        {
            "food": "restaurant* | food | eat | eating | dine | dining | dinner | lunch | breakfast | pizza* | menu | "
            "burger* | topping* | cuisine | sandwich* | salad* | coffee | drink | drinks | bakery | table for | hungry",
            "lodging": "hotel* | hostel* | room | rooms | check-in | guesthouse | suite | nights",
            "housing": "apartment* | rent | rental | landlord | flat | house | property | bedroom* | bath | baths | "
            "lease",
            "rides": "taxi* | cab | cabs | ride | rides | driver | uber | lyft | pickup | pick me up | drop off | "
            "subway",
            "travel": "flight* | fly | airline* | airport | boarding | seat | seats | baggage | luggage | train | "
            "trains | bus | ferry | trip | vacation | itinerary | one way | round trip",
            "shows": "movie* | film | films | cinema | theater | theatre | concert* | show | shows | event | events | "
            "game | games | showtime* | screening | tickets to | tickets for",
            "money": "bank* | balance | transfer | transfers | checking | savings | loan* | mortgage | deposit | "
            "withdraw* | money | transaction* | credit | debit | atm",
            "bills": "bill | bills | billing | invoice* | charge | charged | charges | fee | fees | refund* | "
            "payment | paid",
            "vehicles": "car | cars | vehicle* | mechanic | garage | tire | tires | tyre* | engine | oil change | "
            "tune-up | brake | brakes | auto",
            "insurance": "insurance | insured | claim | claims | policy | coverage | premium | accident | deductible",
            "devices": "software | skype | outlook | laptop | computer | screen | server* | printer | update my | "
            "install* | app | website | browser | email client | iphone | tablet",
            "lines": "internet | wifi | wi-fi | router | modem | data plan | sim | signal | network | broadband | "
            "cable | tv",
            "access": "password | login | log in | username | locked out | sign in | two-factor",
            "parcels": "parcel* | package* | delivery | deliver* | shipping | shipment | shipped | courier | "
            "tracking | return label | warehouse",
            "health": "doctor* | dentist* | hospital | clinic | medicine | prescription | symptom* | therapist* | "
            "pharmacy | pain | vaccin*",
            "weather": "weather | forecast | rain | sunny | temperature | snow | humidity | wind",
            "sights": "museum* | attraction* | park | tour | tours | sightseeing | monument | zoo | beach | palace | "
            "temple",
            "hair": "hair | haircut | salon | barber* | stylist* | spa | massage",
            "music": "song* | music | album* | playlist | singer | playback | play it",
            "meetings": "meeting* | calendar | schedule a | conference | party | venue | guests",
            "expenses": "expense* | reimburse* | spending",
        },
    ),
    Language(
        "de",
        {
            "food": "restaurant* | essen | speise* | pizza* | beläge | menü | abendessen | mittagessen | frühstück | "
            "burger* | salat | kaffee | getränk* | tisch | hunger | hungrig | küche | bäckerei | kruste",
            "lodging": "hotel* | pension | zimmer | unterkunft | übernacht* | herberge",
            "housing": "wohnung* | miete | vermieter | apartment* | mietvertrag | immobilie* | schlafzimmer",
            "rides": "taxi* | fahrt | fahrer | uber* | lyft | mitfahr* | abholung | abholort | fahrdienst | u-bahn",
            "travel": "flug* | fliegen | flughafen | airline | gepäck | koffer | zug | bahn | bus | fähre | reise | "
            "urlaub | sitzplatz | bordkarte",
            "shows": "film* | kino* | theater | konzert* | vorstellung* | spielzeit* | eintrittskarte* | "
            "veranstaltung* | karten für | tickets für | spiel",
            "money": "bank | überweis* | kontostand | sparkonto | girokonto | kredit | darlehen | geld | abheben | "
            "einzahlung",
            "bills": "rechnung* | gebühr* | abgebucht | abbuchung | erstattung | zahlung | bezahlt | mahnung",
            "vehicles": "auto | autos | fahrzeug* | werkstatt | reifen | motor | ölwechsel | bremse* | mechaniker | "
            "ölleck | inspektion | wagen",
            "insurance": "versicher* | schadensfall | police | unfall | selbstbeteiligung | deckung",
            "devices": "software | laptop | computer | rechner | bildschirm | server | drucker | installier* | app | "
            "webseite | tablet | handy",
            "lines": "internet | wlan | router | modem | datenvolumen | sim | netz | empfang | fernseher",
            "access": "passwort | kennwort | anmelden | einloggen | benutzername | gesperrt",
            "parcels": "paket* | lieferung | liefern | versand | sendung* | kurier | zustellung | rücksendung",
            "health": "arzt* | zahnarzt | krankenhaus | klinik | medikament* | rezept | praxis | apotheke | schmerz* | "
            "impf*",
            "weather": "wetter* | regen | sonnig | temperatur | schnee | wind",
            "sights": "museum | museen | sehenswürdigkeit* | park | führung | denkmal | strand | schloss | tempel",
            "hair": "haare | haarschnitt | friseur* | salon | frisur | massage",
            "music": "lied | lieder | musik | album | playlist | sänger*",
            "meetings": "besprechung* | kalender | konferenz | feier | sitzung",
            "expenses": "spesen | auslagen | reisekosten",
        },
    ),
    Language(
        "fr",
        {
            "food": "restaurant* | manger | diner | déjeuner | repas | pizza* | menu | carte du | café | boisson* | "
            "faim | cuisine | boulangerie | burger*",
            "lodging": "hôtel* | chambre* | auberge | nuits | hébergement",
            "housing": "appartement* | loyer | propriétaire | bail | logement | maison",
            "rides": "taxi* | course | chauffeur | uber | vtc | métro",
            "travel": "vol | vols | avion | aéroport | bagage* | train | trains | bus | voyage | vacances | siège | "
            "gare",
            "shows": "film* | cinéma | théâtre | concert* | séance* | spectacle* | match | places pour",
            "money": "banque | solde | virement* | épargne | crédit | prêt | argent | retrait | dépôt",
            "bills": "facture* | frais | prélev* | rembours* | paiement | payé | débité",
            "vehicles": "voiture* | véhicule* | garage | pneu* | moteur | vidange | frein* | mécanicien",
            "insurance": "assurance* | sinistre | police | accident | franchise | couverture",
            "devices": "logiciel | ordinateur | écran | serveur | imprimante | installer | application | site web | "
            "tablette",
            "lines": "internet | wifi | box | modem | forfait | sim | réseau | télé",
            "access": "mot de passe | connexion | connecter | identifiant | bloqué",
            "parcels": "colis | livraison | livrer | livré | expédi* | coursier | suivi",
            "health": "médecin* | docteur | dentiste | hôpital | clinique | médicament* | ordonnance | pharmacie | "
            "douleur*",
            "weather": "météo | pluie | température | neige | vent | soleil",
            "sights": "musée* | attraction* | parc | visite guidée | monument | plage | château | temple",
            "hair": "cheveux | coiffeur* | coupe | salon | massage",
            "music": "chanson* | musique | album | chanteur*",
            "meetings": "réunion* | calendrier | agenda | conférence | fête",
            "expenses": "notes de frais | note de frais | dépenses",
        },
    ),
    Language(
        "es",
        {
            "food": "restaurante* | comer | cena | almuerzo | desayuno | comida | pizza* | menú | café | bebida* | "
            "hambre | mesa | hamburguesa* | panadería",
            "lodging": "hotel* | habitación | habitaciones | hostal | noches | alojamiento",
            "housing": "apartamento* | piso | alquiler | casero | vivienda | casa",
            "rides": "taxi* | viaje en coche | conductor | uber | metro | recogida",
            "travel": "vuelo* | avión | aeropuerto | equipaje | tren | trenes | autobús | viaje | vacaciones | asiento",
            "shows": "película* | cine | teatro | concierto* | función | espectáculo* | partido | entradas",
            "money": "banco | saldo | transferencia* | transferir | ahorro* | crédito | préstamo | dinero | retirar | "
            "depósito",
            "bills": "factura* | cargo | cargos | cobro | cobrado | reembolso | pago | comisión",
            "vehicles": "coche | carro | vehículo* | taller | neumático* | llanta* | aceite | freno* | mecánico",
            "insurance": "seguro de | seguros | siniestro | póliza | accidente | cobertura | franquicia",
            "devices": "software | ordenador | computadora | pantalla | servidor | impresora | instalar | aplicación | "
            "tableta",
            "lines": "internet | wifi | router | módem | datos | sim | señal | red | televisión",
            "access": "contraseña | iniciar sesión | acceder | usuario | bloqueada | bloqueado",
            "parcels": "paquete* | entrega | envío | enviado | mensajero | seguimiento",
            "health": "médico* | doctor* | dentista | hospital | clínica | medicina | receta | farmacia | dolor*",
            "weather": "clima | pronóstico | lluvia | temperatura | nieve | viento",
            "sights": "museo* | atracción | atracciones | parque | visita guiada | monumento | playa | palacio",
            "hair": "pelo | cabello | peluquer* | corte | salón | masaje",
            "music": "canción | canciones | música | álbum | cantante",
            "meetings": "reunión | reuniones | calendario | conferencia | fiesta",
            "expenses": "gastos | viáticos",
        },
    ),
    Language(
        "pt",
        {
            "food": "restaurante* | comer | jantar | almoço | café | comida | pizza* | cardápio | bebida* | fome | "
            "mesa | hambúrguer* | padaria",
            "lodging": "hotel | hotéis | quarto* | pousada | noites | hospedagem",
            "housing": "apartamento* | aluguel | arrendamento | proprietário | casa | imóvel",
            "rides": "táxi* | corrida | motorista | uber | metrô | metro",
            "travel": "voo* | avião | aeroporto | bagagem | trem | comboio | ônibus | autocarro | viagem | férias | "
            "assento",
            "shows": "filme* | cinema | teatro | concerto* | sessão | espetáculo* | jogo | ingresso* | bilhetes",
            "money": "banco | saldo | transferência* | transferir | poupança | crédito | empréstimo | dinheiro | "
            "saque | depósito",
            "bills": "fatura* | cobrança | cobrado | taxa | taxas | reembolso | pagamento | pago",
            "vehicles": "carro* | veículo* | oficina | pneu* | motor | óleo | freio* | mecânico",
            "insurance": "seguro de | seguros | sinistro | apólice | acidente | cobertura",
            "devices": "software | computador | tela | ecrã | servidor | impressora | instalar | aplicativo | tablet",
            "lines": "internet | wifi | roteador | modem | dados | sim | sinal | rede | televisão",
            "access": "senha | palavra-passe | login | usuário | bloqueada | bloqueado",
            "parcels": "pacote* | encomenda | entrega | envio | enviado | rastreamento",
            "health": "médico* | doutor* | dentista | hospital | clínica | remédio | receita | farmácia | dor",
            "weather": "clima | previsão | chuva | temperatura | neve | vento",
            "sights": "museu* | atração | atrações | parque | visita guiada | monumento | praia | palácio | templo",
            "hair": "cabelo* | cabeleireiro* | corte | salão | massagem",
            "music": "canção | música* | álbum | cantor*",
            "meetings": "reunião | reuniões | calendário | conferência | festa",
            "expenses": "despesas | reembolso de despesas",
        },
    ),
    Language(
        "it",
        {
            "food": "ristorante | ristoranti | mangiare | cena | pranzo | colazione | cibo | pizza* | menù | caffè | "
            "bevand* | fame | tavolo | panino | panetteria",
            "lodging": "hotel | albergo | alberghi | camera | camere | ostello | notti | alloggio",
            "housing": "appartament* | affitto | proprietario | casa | immobile",
            "rides": "taxi | corsa | autista | uber | metropolitana",
            "travel": "volo | voli | aereo | aeroporto | bagagli* | treno | treni | autobus | viaggio | vacanz* | "
            "posto a sedere",
            "shows": "film | cinema | teatro | concert* | spettacol* | partita | biglietti",
            "money": "banca | saldo | bonifico | trasferi* | risparmi* | credito | prestito | denaro | soldi",
            "bills": "fattur* | bolletta | addebit* | commission* | rimbors* | pagamento | pagato",
            "vehicles": "auto | macchina | veicol* | officina | gomme | pneumatic* | motore | olio | freni | meccanico",
            "insurance": "assicur* | sinistro | polizza | incidente | copertura | franchigia",
            "devices": "software | computer | schermo | server | stampante | installare | applicazione | tablet",
            "lines": "internet | wifi | router | modem | giga | sim | segnale | rete | televisione",
            "access": "password | accesso | accedere | utente | bloccato",
            "parcels": "pacc* | consegna | spedi* | corriere | tracciamento",
            "health": "medico | dottor* | dentista | ospedale | clinica | medicin* | ricetta | farmacia | dolore",
            "weather": "meteo | pioggia | temperatura | neve | vento",
            "sights": "muse* | attrazion* | parco | visita guidata | monument* | spiaggia | palazzo | tempio",
            "hair": "capelli | parrucchier* | taglio | salone | massaggio",
            "music": "canzon* | musica | album | cantante",
            "meetings": "riunion* | calendario | conferenza | festa",
            "expenses": "spese | nota spese",
        },
    ),
    Language(
        "nl",
        {
            "food": "restaurant* | eten | diner | lunch | ontbijt | pizza* | menu | koffie | drankje* | honger | "
            "tafel | hamburger* | bakkerij | keuken",
            "lodging": "hotel* | kamer | kamers | hostel | overnacht* | nachten",
            "housing": "appartement* | huur | verhuurder | woning* | huis",
            "rides": "taxi* | rit | chauffeur | uber | metro | ophalen",
            "travel": "vlucht* | vliegen | luchthaven | vliegveld | bagage | trein* | bus | reis | vakantie | stoel",
            "shows": "film* | bioscoop | theater | concert* | voorstelling* | wedstrijd | kaartjes",
            "money": "bank | saldo | overmaken | overschrijving | spaarrekening | lening | geld | opnemen | storting | "
            "krediet",
            "bills": "factuur | facturen | kosten | afgeschreven | terugbetaling | betaling | betaald",
            "vehicles": "auto | auto's | voertuig* | garage | banden | motor | olie | remmen | monteur",
            "insurance": "verzeker* | schadeclaim | polis | ongeluk | dekking | eigen risico",
            "devices": "software | laptop | computer | scherm | server | printer | installer* | app | website | tablet",
            "lines": "internet | wifi | router | modem | databundel | sim | netwerk | bereik | televisie",
            "access": "wachtwoord | inloggen | gebruikersnaam | geblokkeerd",
            "parcels": "pakket* | pakje | levering | bezorg* | verzend* | koerier | zending",
            "health": "arts | dokter | tandarts | ziekenhuis | kliniek | medicijn* | recept | apotheek | pijn",
            "weather": "weer | weersvoorspelling | regen | temperatuur | sneeuw | wind",
            "sights": "museum | musea | bezienswaardig* | park | rondleiding | monument | strand | paleis | tempel",
            "hair": "haar knippen | kapper* | knipbeurt | salon | massage",
            "music": "liedje* | muziek | album | zanger*",
            "meetings": "vergadering* | agenda | conferentie | feest",
            "expenses": "onkosten | declaratie*",
        },
    ),
    Language(
        "zh",
        {
            "food": "餐馆 | 餐厅 | 饭店吃 | 吃饭 | 吃的 | 菜 | 美食 | 午餐 | 晚餐 | 早餐 | 人均 | 披萨 | 咖啡 | 外卖",
            "lodging": "酒店 | 宾馆 | 旅馆 | 客栈 | 住宿 | 房间 | 入住",
            "housing": "公寓 | 租房 | 房租 | 房东 | 租金",
            "rides": "出租 | 打车 | 车牌 | 车型 | 司机 | 叫车 | 网约车",
            "travel": "航班 | 飞机 | 机票 | 行李 | 火车 | 高铁 | 车票 | 地铁 | 公交 | 旅行",
            "shows": "电影 | 影院 | 演唱会 | 演出 | 剧院 | 比赛 | 门票预订",
            "money": "银行 | 余额 | 转账 | 存款 | 贷款 | 取款 | 信用卡 | 汇款",
            "bills": "账单 | 发票 | 扣费 | 扣款 | 退款 | 付款 | 手续费 | 缴费",
            "vehicles": "汽车 | 轮胎 | 发动机 | 修车 | 保养 | 刹车",
            "insurance": "保险 | 理赔 | 保单 | 事故",
            "devices": "软件 | 电脑 | 屏幕 | 服务器 | 打印机 | 安装 | 网站 | 平板",
            "lines": "网络 | 宽带 | 路由器 | 流量 | 信号 | 上网卡",
            "access": "密码 | 登录 | 用户名 | 锁定",
            "parcels": "快递 | 包裹 | 发货 | 物流 | 配送 | 送货",
            "health": "医生 | 牙医 | 医院 | 药 | 挂号 | 诊所",
            "weather": "天气 | 下雨 | 气温 | 下雪 | 预报",
            "sights": "景点 | 游玩 | 博物馆 | 公园 | 景区 | 故宫 | 动物园",
            "hair": "理发 | 头发 | 美发 | 按摩",
            "music": "歌曲 | 音乐 | 专辑 | 歌手",
            "meetings": "会议 | 日历 | 聚会",
            "expenses": "报销 | 差旅",
        },
    ),
    Language(
        "ja",
        {
            "food": "レストラン | 食事 | 料理 | ランチ | ディナー | 朝食 | 夕食 | ピザ | メニュー | カフェ | コーヒー",
            "lodging": "ホテル | 旅館 | 宿泊 | 客室 | 泊まり | 宿",
            "housing": "アパート | マンション | 家賃 | 賃貸 | 大家",
            "rides": "タクシー | 配車 | 運転手 | 地下鉄",
            "travel": "フライト | 飛行機 | 空港 | 航空券 | 荷物 | 電車 | 新幹線 | 座席 | 旅行 | バス",
            "shows": "映画 | コンサート | 劇場 | 公演 | 試合 | チケット",
            "money": "銀行 | 残高 | 振込 | 送金 | 預金 | ローン | 引き出し",
            "bills": "請求 | 領収書 | 料金 | 引き落とし | 返金 | 支払",
            "vehicles": "自動車 | タイヤ | エンジン | 車検 | 修理工場 | ブレーキ",
            "insurance": "保険 | 保険金 | 証券番号 | 事故 | 補償",
            "devices": "ソフト | パソコン | 画面 | サーバー | プリンター | インストール | アプリ | タブレット",
            "lines": "インターネット | ルーター | モデム | 回線 | 通信 | 電波",
            "access": "パスワード | ログイン | ユーザー名 | ロック",
            "parcels": "荷物の | 配達 | 発送 | 宅配 | 配送 | お届け",
            "health": "医者 | 歯医者 | 病院 | 薬 | 診察 | クリニック",
            "weather": "天気 | 気温 | 予報 | 雪",
            "sights": "博物館 | 美術館 | 観光 | 公園 | 名所 | 動物園",
            "hair": "美容院 | 髪 | カット | マッサージ",
            "music": "曲 | 音楽 | アルバム | 歌手",
            "meetings": "会議 | カレンダー | 打ち合わせ",
            "expenses": "経費 | 精算",
        },
    ),
)
"""Subjects in each language with a table: the first has the names of all."""
