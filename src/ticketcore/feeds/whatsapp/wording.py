"""The words that WhatsApp itself writes into an export, by language, and the marks of the half day.

What stands here was read in ``lib/src/patterns.dart`` of github.com/starkdmi/whats_json (the texts of the apps'
own language files), in ``inst/Languages.csv`` of github.com/gesiscss/WhatsR, in github.com/mlomb/chat-analytics,
and, for edited messages, in public files that quote exports.  Of calls that were not missed, and of notices beyond
English and German, no export was seen: those words are common translations.  The marks of the half day are those of
the Unicode CLDR.  A language or a wording that is missing is added here and nowhere else.
"""

import attrs


def _all(words: str) -> frozenset[str]:
    return frozenset(word.strip().casefold() for word in words.split("|") if word.strip())


@attrs.frozen
class Wording:
    """WhatsApp's words in one language, alternatives apart by ``|``.

    ``omitted`` stands for a file that the export leaves out, ``attached`` beside the name of a file that it has,
    ``deleted`` for a message that was taken back, ``edited`` behind one that was changed, ``missed`` for a call
    that was missed and ``called`` for any call, ``encrypted`` begins the notice of encryption, and ``events`` are
    parts of other notices.
    """

    omitted: str = ""
    attached: str = ""
    deleted: str = ""
    edited: str = ""
    missed: str = ""
    called: str = ""
    encrypted: str = ""
    events: str = ""


LANGUAGES = {
    "en": Wording(
        "media omitted|image omitted|video omitted|audio omitted|sticker omitted|gif omitted|document omitted"
        "|contact card omitted|video note omitted",
        "file attached|attached",
        "this message was deleted|you deleted this message|message deleted",
        "this message was edited",
        "missed voice call|missed video call|missed group voice call|missed group video call",
        "voice call|video call",
        "messages and calls are end-to-end encrypted|messages and calls are now end-to-end encrypted"
        "|messages to this chat and calls are now secured",
        "created group|created this group|created the group|added|removed|left|joined using|changed the subject"
        "|changed the group|changed this group|changed their phone number|changed to|security code"
        "|disappearing messages|pinned a message|now an admin|business account|message timer|blocked this contact",
    ),
    "de": Wording(
        "medien ausgeschlossen|medien weggelassen|medien fehlen|bild weggelassen|video weggelassen|audio weggelassen"
        "|sticker weggelassen|gif weggelassen|dokument weggelassen|kontaktkarte ausgelassen",
        "datei angehängt|angehängt|anhang",
        "diese nachricht wurde gelöscht|du hast diese nachricht gelöscht",
        "diese nachricht wurde bearbeitet",
        "verpasster sprachanruf|verpasster videoanruf",
        "sprachanruf|videoanruf",
        "nachrichten und anrufe sind ende-zu-ende-verschlüsselt|nachrichten in diesem chat sowie anrufe sind jetzt",
        "gruppe erstellt|hinzugefügt|entfernt|gruppe verlassen|beigetreten|betreff|gruppenbild|gruppenbeschreibung"
        "|neue telefonnummer|sicherheitsnummer|selbstlöschende nachrichten|angepinnt|unternehmens-account",
    ),
    "es": Wording(
        "multimedia omitido|archivo omitido|imagen omitida|video omitido|audio omitido|sticker omitido|gif omitido"
        "|documento omitido|tarjeta de contacto omitida",
        "archivo adjunto|archivo adjuntado|adjunto",
        "se eliminó este mensaje|este mensaje fue eliminado|eliminaste este mensaje",
        "se editó este mensaje",
        "llamada perdida|llamada de voz perdida|videollamada perdida",
        "llamada de voz|videollamada",
        "los mensajes y las llamadas están cifrados de extremo a extremo"
        "|tus mensajes y llamadas ahora están protegidos",
        "creó el grupo|creó este grupo|creaste el grupo|añadió|agregó|eliminó a|salió|se unió|cambió el asunto"
        "|cambió la foto|cambió la descripción|cambió su número|código de seguridad|mensajes temporales",
    ),
    "pt": Wording(
        "mídia oculta|mídia omitida|arquivo de mídia oculto|ficheiro não revelado|imagem ocultada|imagem não revelada"
        "|vídeo omitido|vídeo não revelado|áudio ocultado|ficheiro de áudio não revelado|figurinha omitida"
        "|sticker não revelado|gif omitido|gif não revelada|documento omitido|documento não revelado"
        "|cartão do contato omitido|contacto não revelado",
        "arquivo anexado|ficheiro anexado|anexado|anexo",
        "mensagem apagada|esta mensagem foi apagada|você apagou esta mensagem|apagou esta mensagem",
        "mensagem editada",
        "chamada de voz perdida|ligação de voz perdida|chamada de vídeo perdida|videochamada perdida",
        "chamada de voz|ligação de voz|chamada de vídeo|videochamada",
        "as mensagens e as chamadas são protegidas|as mensagens e ligações são protegidas"
        "|as mensagens e chamadas são encriptadas",
        "criou o grupo|criou este grupo|adicionou|removeu|saiu|entrou usando|mudou o nome|mudou a imagem"
        "|mudou a descrição|mudou de número|código de segurança|mensagens temporárias",
    ),
    "fr": Wording(
        "médias omis|fichier omis|média manquante|image absente|vidéo absente|audio omis|sticker omis|gif retiré"
        "|document manquant|fiche contact manquante",
        "fichier joint|pièce jointe",
        "ce message a été supprimé|vous avez supprimé ce message",
        "ce message a été modifié",
        "appel vocal manqué|appel vidéo manqué",
        "appel vocal|appel vidéo",
        "les messages et les appels sont chiffrés de bout en bout|vos messages et vos appels sont protégés",
        "a créé le groupe|a créé ce groupe|avez créé le groupe|a ajouté|a retiré|est parti|a quitté|a rejoint"
        "|a changé le sujet|a modifié|a changé de numéro|code de sécurité|messages éphémères",
    ),
    "it": Wording(
        "media omessi|media omesso|media mancante|immagine omessa|video omesso|audio omesso|sticker non incluso"
        "|gif esclusa|documento omesso|scheda contatto omessa",
        "file allegato|allegato",
        "questo messaggio è stato eliminato|hai eliminato questo messaggio",
        "questo messaggio è stato modificato",
        "chiamata vocale persa|videochiamata persa",
        "chiamata vocale|videochiamata",
        "i messaggi e le chiamate sono crittografati end-to-end|i tuoi messaggi e le tue chiamate sono protetti",
        "ha creato il gruppo|ha creato questo gruppo|hai creato il gruppo|ha aggiunto|ha rimosso|ha abbandonato"
        "|è uscito|si è unito|ha cambiato|ha modificato|codice di sicurezza|messaggi effimeri",
    ),
    "nl": Wording(
        "media weggelaten|afbeelding weggelaten|video weggelaten|audio weggelaten|sticker weggelaten|gif weggelaten"
        "|document weggelaten|visitekaartje weggelaten",
        "bestand bijgevoegd|bijgevoegd",
        "dit bericht is verwijderd|u hebt dit bericht verwijderd|dit bericht werd verwijderd",
        "dit bericht is bewerkt",
        "gemist spraakgesprek|gemist videogesprek|gemiste spraakoproep|gemiste video-oproep",
        "spraakoproep|spraakgesprek|video-oproep|videogesprek",
        "berichten en gesprekken worden end-to-end versleuteld|uw oproepen en berichten zijn beveiligd",
        "groep gemaakt|toegevoegd|verwijderd|groep verlaten|beveiligingscode|onderwerp",
    ),
    "ru": Wording(
        "без медиафайлов|файл пропущен|медиа отсутствует|изображение отсутствует|видео отсутствует"
        "|аудиофайл отсутствует|стикер не добавлен|gif отсутствует|документ отсутствует"
        "|карточка контакта отсутствует",
        "файл добавлен|прикреплено",
        "данное сообщение удалено|вы удалили данное сообщение|вы удалили это сообщение",
        "сообщение изменено",
        "пропущенный аудиозвонок|пропущенный видеозвонок",
        "аудиозвонок|видеозвонок",
        "сообщения и звонки защищены сквозным шифрованием|ваши сообщения и звонки защищены",
        "создал|добавил|удалил|покинул|вышел|вступил|изменил|код безопасности|исчезающие сообщения",
    ),
    "tr": Wording(
        "medya dahil edilmedi|medya atlanmış|görüntü dahil edilmedi|video dahil edilmedi|ses dahil edilmedi"
        "|çıkartma dahil edilmedi|gif dahil edilmedi|belge dahil edilmedi|kişi kartı dahil edilmedi",
        "dosya ekli|eklendi",
        "bu mesaj silindi|bu mesajı sildiniz",
        "bu mesaj düzenlendi",
        "cevapsız sesli arama|cevapsız görüntülü arama",
        "sesli arama|görüntülü arama",
        "mesajlar ve aramalar uçtan uca şifrelidir|mesajlarınız artık uçtan uca şifreleme",
        "grubunu oluşturdu|bu grubu oluşturdu|ekledi|çıkardı|ayrıldı|katıldı|değiştirdi|güvenlik kodu|süreli mesajlar",
    ),
    "pl": Wording(
        "pominięto multimedia|pliki pominięto|obraz pominięty|wideo pominięte|audio pominięte|pominięto naklejkę"
        "|plik gif pominięty|dokument pominięty|pominięta wizytówka kontaktu",
        "załączony plik|załączono",
        "ta wiadomość została usunięta|usunąłeś(-ęłaś) tę wiadomość",
        missed="nieodebrane poł. głosowe|nieodebrane poł. wideo|nieodebrane połączenie",
        encrypted="wiadomości i połączenia są w pełni zaszyfrowane|twoje wiadomości oraz połączenia są zabezpieczone",
    ),
    "cs": Wording(
        "média vynechány|média vynechána|obrázek vynechán|video vynecháno|zvukový soubor vynechán|nálepka vynechána"
        "|gif vynechán|dokument vynechán|vizitka vynechána",
        "soubor byl přiložen|příloha",
        "tato zpráva byla smazána|tato zpráva byla odstraněna|tuto zprávu jste smazal/a",
        missed="zmeškaný hovor|zmeškaný hlasový hovor|zmeškaný videohovor",
        encrypted="zprávy a hovory jsou opatřeny koncovým šifrováním|zprávy a hovory jsou zabezpečeny"
        "|vaše zprávy a hovory jsou zabezpečeny",
    ),
    "id": Wording(
        "media tidak disertakan|gambar tidak disertakan|video tidak disertakan|audio tidak disertakan"
        "|stiker tidak disertakan|gif tidak disertakan|dokumen tidak disertakan|kartu kontak tidak disertakan",
        "file terlampir|terlampir",
        "pesan ini dihapus|pesan ini telah dihapus|anda menghapus pesan ini",
        missed="panggilan suara tak terjawab|panggilan video tak terjawab",
        encrypted="pesan dan panggilan terenkripsi secara end-to-end|pesan-pesan dan panggilan anda diamankan",
    ),
    "zh-Hans": Wording(
        "省略多媒体文件|照片已忽略|视频已忽略|音频已忽略|贴图已省略|gif 动态图已被忽略|文档已省略|联系人卡片已忽略",
        "文件附件|附件",
        "这条消息已被删除|信息已删除|您已删除这条消息|您删除这个信息",
        missed="未接语音通话|未接视频通话",
        called="语音通话|视频通话",
        encrypted="消息和通话都进行端到端加密|您发送的信息和通话都会进行端对端的加密",
        events="创建了群组|添加了|移除了|退出了|加入|更改|安全代码|限时消息",
    ),
    "zh-Hant": Wording(
        "忽略多媒體檔|省略多媒體檔案|圖片已略去|圖像已省略|影片已略去|影片已省略|音訊已略去|音訊已省略|貼圖已略去"
        "|貼圖已忽略|gif 已略去|gif 圖片已被省略|文件已略去|文件已忽略|聯絡人卡片已略去|聯絡人卡片已省略",
        "附件檔案|附件",
        "此訊息已刪除|您已刪除此訊息",
        missed="未接語音通話|未接視像通話|未接視訊通話",
        called="語音通話|視像通話|視訊通話",
        encrypted="訊息和通話經端對端加密|訊息已受端對端加密保護|您傳送的訊息和通話都會進行端對端的加密",
        events="建立了群組|建立了此群組|已新增|新增了|移除了|退出了|加入|變更|更改|安全碼|安全代碼|限時訊息",
    ),
    "ja": Wording(
        "メディアは含まれていません|メディアなし|画像は含まれていません|ビデオは含まれていません|音声は含まれていません"
        "|スタンプは含まれていません|gifは含まれていません|ドキュメントは含まれていません|連絡先カードを省略",
        "添付ファイル有り|添付ファイル",
        "このメッセージは削除されました|このメッセージを削除しました",
        missed="音声通話不在着信|ビデオ通話不在着信|不在着信",
        called="音声通話|ビデオ通話",
        encrypted="メッセージと通話はエンドツーエンド暗号化されています|メッセージと通話は、エンドツーエンド",
        events="グループを作成|追加しました|削除しました|退出しました|参加しました|変更しました|セキュリティコード",
    ),
    "ko": Wording(
        "미디어 파일 제외됨|미디어 파일을 생략한 대화내용|이미지 생략됨|비디오 생략됨|오디오 생략됨|스티커 제외됨"
        "|gif 생략됨|문서 생략됨|연락처 카드 생략됨",
        "파일 첨부됨|첨부됨",
        "이 메시지는 삭제되었습니다|삭제한 메시지입니다|이 메시지를 삭제했습니다",
        missed="부재중 전화|부재중 영상통화",
        called="음성통화|음성 통화|영상통화|영상 통화",
        encrypted="메시지 및 전화는 종단간 암호화되어 안전합니다|메시지 및 전화는 암호화되어 안전합니다"
        "|메시지와 통화는 종단간 암호화",
        events="그룹을 만들었습니다|추가했습니다|내보냈습니다|나갔습니다|참여했습니다|변경했습니다|보안 코드",
    ),
    "ar": Wording(
        "تم استبعاد الوسائط|لم يتم إدراج الصورة|لم يتم إدراج الفيديوهات|لم يتم إدراج المقاطع الصوتية"
        "|تم حذف الملصقات|لم يتم إدراج صورة gif|لم يتم إدراج المستند|لم يتم إدراج بطاقة جهة اتصال",
        "الملف مرفق|المُرفق|مرفق",
        "تم حذف هذه الرسالة|لقد حذَفت هذه الرسالة|أنت حذفت هذه الرسالة",
        "تم تعديل هذه الرسالة",
        "مكالمة صوتية فائتة|مكالمة فيديو فائتة",
        "مكالمة صوتية|مكالمة فيديو",
        "الرسائل والمكالمات مشفرة تمامًا بين الطرفين|إن الرسائل التي ترسلها والمكالمات التي تجريها",
        "بإنشاء|بإضافة|أضاف|بإزالة|غادر|انضم|تغيير|بتغيير|رمز أمان|تغيّر رمز",
    ),
    "hi": Wording(
        "मीडिया के बिना|फ़ोटो हटाई गई|वीडियो छोड़ा गया|ऑडियो हटाई गयी|स्टिकर छोड़ा गया|gif छोड़ा गया"
        "|डॉक्यूमेंट छोड़ा गया|कॉन्टैक्ट कार्ड छोड़ा गया",
        "फाइल अटैच कर दी गई है|अटैच किया गया",
        "यह मैसेज डिलीट कर दिया गया है|आपने यह मैसेज डिलीट किया|यह संदेश मिटाया गया|आपने यह संदेश मिटाया",
        missed="वॉइस कॉल मिस हुई|मिस्ड वॉइस कॉल|मिस्ड वीडियो कॉल|छूटी हुई ध्वनि कॉल|छूटी हुई विडियो कॉल",
        called="वॉइस कॉल|वीडियो कॉल",
        encrypted="मैसेजेस और कॉल्स एंड-टू-एंड एन्क्रिप्टेड हैं|आपके द्वारा भेजे हुए सन्देश और कॉल्स",
        events="ग्रुप बनाया|जोड़ा|हटाया|ग्रुप छोड़|शामिल हुए|बदल|सुरक्षा कोड",
    ),
    "he": Wording(
        "המדיה לא נכללה|המדיה הוסרה|מדיה הושמטה|המדיה הושמטה|התמונה הושמטה|סרטון הווידאו הושמט|קטע קול הושמט"
        "|סטיקר הושמט|gif הושמט|מסמך הושמט|כרטיס איש קשר הושמט",
        "קובץ מצורף|מצורף",
        "הודעה זו נמחקה|מחקת את ההודעה הזו|מחקת הודעה זו",
        missed="שיחה קולית שלא נענתה|שיחת וידאו שלא נענתה",
        encrypted="ההודעות והשיחות מוצפנות מקצה-לקצה|ההודעות שהנך שולח",
    ),
}
"""By BCP 47 tag.  What a language has no words for here is still read, as text."""


def _of_all_languages(field: str) -> frozenset[str]:
    return frozenset().union(*(_all(getattr(wording, field)) for wording in LANGUAGES.values()))


OMITTED = _of_all_languages("omitted")
"""For a file that was left out, in any language, as the rest below."""

ATTACHED = _of_all_languages("attached")
"""Beside the name of a file."""

DELETED = _of_all_languages("deleted")
"""For a message that was taken back."""

EDITED = _of_all_languages("edited")
"""Behind one that was changed."""

MISSED = _of_all_languages("missed")
"""For a call that was missed."""

CALLED = _of_all_languages("called") | MISSED
"""For any call."""

ENCRYPTED = tuple(sorted(_of_all_languages("encrypted")))
"""How the notice of encryption begins."""

EVENTS = tuple(sorted(_of_all_languages("events")))
"""Parts of other notices."""


MORNING = _all(
    "am|上午|午夜|凌晨|清晨|早上|午前|오전|ص|صباحا|صباحًا|قظ|قبلازظهر|πμ|öö|पूर्वाह्न|לפנה״צ|ก่อนเที่ยง|ਪੂਦੁ|පෙව|ጥዋት|နံနက်"
    "|дп|проб|dop|de|fm|fh|vm|ap|sa|pg|gh|pd"
)
"""How the hours before noon are called, without dots and spaces."""

AFTERNOON = _all(
    "pm|中午|下午|晚上|午後|오후|م|مساء|مساءً|بظ|بعدازظهر|μμ|ös|अपराह्न|אחה״צ|หลังเที่ยง|ਬਾਦੁ|පව|ከሰዓት|ညနေ"
    "|пп|слоб|odp|du|em|eh|nm|ip|ch|ptg|gd|md"
)
"""How the hours from noon on are called, without dots and spaces."""

CONNECTING = _all("klo|kl|à|às|as|at|um|o|в|г|la|alle")
"""What may stand between date and time."""
