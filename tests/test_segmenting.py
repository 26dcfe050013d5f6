"""Which ticket a message is for: laws first, then a conversation in every language, then hostile streams."""

import ast
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.segmenting import Contact, Said, segmented
from ticketcore.segmenting import features as features_module
from ticketcore.segmenting.deciding import WEIGHTS
from ticketcore.segmenting.features import OPENING, PAIR
from ticketcore.segmenting.reading import LOOK, SPOKEN, heard
from ticketcore.segmenting.recent import RECENT
from ticketcore.segmenting.stream import Stream
from ticketcore.segmenting.subjects import SUBJECTS
from ticketcore.segmenting.trees import Trees

WORDS = [
    *("Hello", "I need a taxi to the airport", "thanks, bye", "no, that's all", "yes please", "450", "Kim Lee"),
    *("What about my order 4711?", "Ich möchte einen Termin", "谢谢", "hotel in the centre", "", "\u202e؟ \x00", "🙂"),
]
AGENTS = ["How can I help you?", "What is your order number?", "Your taxi has been booked. Anything else?", "Goodbye!"]


@st.composite
def streams(draw):
    """A stream of some messages, each of which may lack what it may lack."""
    messages = []
    at = draw(st.none() | st.just(0.0))
    for place in range(draw(st.integers(0, 12))):
        agent = draw(st.booleans())
        if at is not None:
            at += draw(st.sampled_from([-60.0, 0.0, 5.0, 90.0, 4000.0, 90_000.0]))
        messages.append(
            Said(
                draw(st.sampled_from(AGENTS if agent else WORDS) | st.text(max_size=20)),
                at=at,
                role="agent" if agent else "customer",
                channel=draw(st.sampled_from(["", "chat", "email"])),
                reply_to=draw(st.none() | st.integers(-2, place + 2)),
                resolved=agent and draw(st.booleans()),
            )
        )
    return messages


@given(streams(), st.randoms())
def test_what_comes_later_changes_nothing(messages, chance):
    half = len(messages) // 2
    later = messages[half:]
    chance.shuffle(later)
    assert segmented(messages)[:half] == segmented(messages[:half] + later)[:half] == segmented(messages[:half])


@given(streams())
def test_tickets_are_numbered_as_they_open_and_the_first_message_opens_one(messages):
    contact, opened = Contact(), 0
    for message in messages:
        decided = contact.decide(message)
        assert decided.opens == (decided.ticket == opened)
        assert decided.ticket <= opened
        opened += decided.opens
    assert opened > 0 or not messages


@given(streams(), streams(), st.randoms())
def test_what_other_contacts_write_changes_nothing(one, other, chance):
    contacts = {"one": Contact(), "other": Contact()}
    left = {"one": list(one), "other": list(other)}
    tickets = {"one": [], "other": []}
    while left["one"] or left["other"]:
        who = chance.choice([name for name in left if left[name]])
        tickets[who].append(contacts[who].decide(left[who].pop(0)).ticket)
    assert tickets == {"one": segmented(one), "other": segmented(other)}


@given(streams(), st.floats(0, 1))
def test_a_bound_for_asking_changes_what_is_asked_and_nothing_else(messages, bound):
    free, bound_by = Contact(), Contact(ask_below=bound)
    for message in messages:
        decided, asked = free.decide(message), bound_by.decide(message)
        assert not decided.asks
        assert asked.asks == (asked.probability < bound)
        assert attrs.evolve(asked, asks=False) == decided


@given(streams())
def test_the_runner_up_is_another_and_less_probable(messages):
    contact = Contact()
    for message in messages:
        decided = contact.decide(message)
        assert 0 < decided.probability <= 1
        if decided.runner_up is not None:
            assert decided.runner_up.probability <= decided.probability
            assert decided.runner_up.probability + decided.probability <= 1 + 1e-9
            assert decided.runner_up.ticket != (None if decided.opens else decided.ticket)


@given(streams())
def test_an_explanation_changes_nothing_and_names_features(messages):
    plain, told = Contact(), Contact()
    for message in messages:
        decided, explained = plain.decide(message), told.decide(message, explained=True)
        assert attrs.evolve(explained, moved=()) == decided
        weights = [abs(each.weight) for each in explained.moved]
        assert weights == sorted(weights, reverse=True)
        assert {each.name for each in explained.moved} <= {*PAIR, *OPENING}


@given(streams())
def test_the_last_message_of_an_agent_is_in_the_ticket_that_it_answers(messages):
    contact, tickets = Contact(), []
    for message in messages:
        tickets.append(contact.decide(message).ticket)
        answered = message.reply_to
        if message.role == "agent" and answered is not None and 0 <= answered < len(tickets) - 1:
            assert tickets[-1] == tickets[answered]


@given(streams())
def test_times_count_only_by_how_far_they_are_apart(messages):
    moved = [message if message.at is None else attrs.evolve(message, at=message.at + 2**20) for message in messages]
    assert segmented(moved) == segmented(messages)


@given(st.lists(st.floats(-3, 3), min_size=4, max_size=4))
def test_trees_say_what_their_text_says_and_their_moves_add_up(values):
    trees = Trees("0:0.5:0.1 1:-1:0.2 0.5 -0.5 2:0:0.3 1 2\n3:2:0.0 0.25 0.75\n", -1.5)
    one = (0.5 if values[1] <= -1 else -0.5) if values[0] <= 0.5 else (1 if values[2] <= 0 else 2)
    two = 0.25 if values[3] <= 2 else 0.75
    assert trees.odds(values) == pytest.approx(-1.5 + one + two)
    assert sum(trees.moved(values).values()) == pytest.approx(one + two - 0.1)


def test_trees_ask_for_features_that_there_are():
    stream = Stream()
    stream.put(Said("Hello"), heard("Hello"), None)
    said = Said("I need a taxi")
    recent = stream.recent(said)
    [pair] = recent.pairs(said, heard(said.text))
    assert len(pair) == len(PAIR) == len(set(PAIR))
    row = features_module.opening(heard(said.text), recent.around(said, heard(said.text)), [pair], [0.0])
    assert len(row) == len(OPENING) == len(set(OPENING))
    assert set(WEIGHTS.pairs.moved(pair)) <= set(range(len(PAIR)))


def test_weights_belong_to_named_features_and_never_to_words():
    source = Path(features_module.__file__).parent
    for name in ("pair_trees", "opening_trees"):
        constants = [
            node.value
            for node in ast.walk(ast.parse((source / f"{name}.py").read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and ":" in node.value
        ]
        trees = [text for text in constants if "\n" in text]
        assert len(trees) == 1
        assert set(trees[0]) <= set("0123456789.:- \n")


def test_every_language_has_every_cue():
    assert len({tuple(language.cues) for language in SPOKEN}) == 1
    assert len({language.code for language in SPOKEN}) == len(SPOKEN) == 9
    assert len({tuple(language.cues) for language in SUBJECTS}) == 1
    assert [language.code for language in SUBJECTS] == [language.code for language in SPOKEN]
    assert not SUBJECTS[0].cues.keys() & SPOKEN[0].cues.keys()


@pytest.mark.parametrize("code", [language.code for language in SUBJECTS])
def test_a_word_of_a_subject_tells_it_in_every_language(code):
    [table] = [each for each in SUBJECTS if each.code == code]
    for subject, words in table.cues.items():
        for word in words.split(" | "):
            assert subject in heard(word.removesuffix("*")).subjects, (subject, word)


@pytest.mark.parametrize(("first", "second"), [("A hotel", "the doctor"), ("A doctor", "the hotel")])
def test_whether_messages_speak_of_the_same_is_told_and_not_of_what(first, second):
    stream = Stream()
    stream.put(Said(first), heard(first), None)
    for text, same in ((first, 1.0), (second, 0.0)):
        [pair] = stream.recent(Said(text)).pairs(Said(text), heard(text))
        assert pair[PAIR.index("same subject")] == same
        assert pair[PAIR.index("other subject")] == 1 - same


STORIES = {
    "en": ("Hello, I need a taxi to the station", "For when?", "At 8:30", "Your taxi is booked. Anything else?",
           "No, that's all, thank you", "Hi, I would like to change the address of my account"),
    "de": ("Hallo, ich brauche ein Taxi zum Bahnhof", "Für wann?", "Um 8:30", "Ihr Taxi ist gebucht. Sonst noch etwas?",
           "Nein, das ist alles, danke", "Guten Tag, ich möchte die Adresse meines Kontos ändern"),
    "fr": ("Bonjour, je voudrais un taxi pour la gare", "Pour quand ?", "À 8:30",
           "Votre taxi est réservé. Autre chose ?", "Non, c'est tout, merci",
           "Bonjour, je voudrais modifier l'adresse de mon compte"),
    "es": ("Hola, necesito un taxi a la estación", "¿Para cuándo?", "A las 8:30",
           "Su taxi ha sido reservado. ¿Algo más?", "No, eso es todo, gracias",
           "Hola, quiero cambiar la dirección de mi cuenta"),
    "pt": ("Olá, preciso de um táxi para a estação", "Para quando?", "Às 8:30",
           "O seu táxi foi reservado. Mais alguma coisa?", "Não, é só isso, obrigado",
           "Bom dia, quero mudar o endereço da minha conta"),
    "it": ("Buongiorno, vorrei un taxi per la stazione", "Per quando?", "Alle 8:30",
           "Il taxi è stato prenotato. Serve altro?", "No, è tutto, grazie",
           "Salve, vorrei modificare l'indirizzo del mio conto"),
    "nl": ("Hallo, ik wil een taxi naar het station", "Wanneer?", "Om 8:30",
           "Uw taxi is geboekt. Verder nog iets?", "Nee, dat is alles, bedankt",
           "Hallo, ik wil het adres van mijn rekening wijzigen"),
    "zh": ("你好，我想叫一辆出租车去车站", "什么时候？", "8点", "出租车已经订好了。还有什么需要吗？",
           "没有了，谢谢", "你好，我想修改账户的地址"),
    "ja": ("こんにちは、駅までタクシーを予約したいです", "いつですか", "8時です",
           "予約しました。他に何かございますか", "以上です、ありがとう", "こんにちは、口座の住所を変更したいのですが"),
}  # fmt: skip


@pytest.mark.parametrize("code", STORIES)
def test_a_conversation_that_ends_and_another_one(code):
    told = [
        Said(
            text,
            at=60.0 * at,
            role="agent" if at in (1, 3) else "customer",
            channel="chat",
            reply_to=at - 1 if at in (1, 3) else None,
        )
        for at, text in enumerate(STORIES[code])
    ]
    told[5] = attrs.evolve(told[5], at=7200.0)
    assert segmented(told) == [0, 0, 0, 0, 0, 1]
    assert segmented([attrs.evolve(each, at=None, channel="") for each in told]) == [0, 0, 0, 0, 0, 1]


def test_a_short_answer_returns_to_the_ticket_that_waits_for_it():
    told = [
        Said("I want to send money to my sister", 0.0),
        Said("How much would you like to send?", 30.0, role="agent", reply_to=0),
        Said("Hello, I also need to book a table for tonight", 60.0),
        Said("I have booked a table at Luigi's for you.", 90.0, role="agent", reply_to=2),
        Said("Perfect, thank you, that's all", 120.0),
        Said("450", 150.0),
    ]
    assert segmented(told) == [0, 0, 1, 1, 1, 0]


def test_a_long_message_is_read_in_part():
    text = "I need a taxi " * 100_000
    assert heard(text) == heard(text[:LOOK])


def test_many_tickets_are_not_looked_through():
    stream = Stream()
    for _ in range(10_000):
        stream.put(Said("x"), heard("x"), None)
    assert len(stream.recent(Said("x", reply_to=5)).matters) == RECENT + 1


def test_many_messages_that_say_nothing():
    assert len(segmented([Said("")] * 10_000)) == 10_000


def test_a_decision_in_words():
    contact = Contact()
    contact.decide(Said("I need a taxi", 0.0))
    decided = contact.decide(Said("Thanks, bye", 60.0), explained=True)
    words = decided.words(most=2)
    assert words.startswith(f"is for ticket 0 ({decided.probability:.2f}); next: a new one (")
    assert words.count(",") == 2
    assert Contact().decide(Said("x")).words() == "opens ticket 0 (1.00)"
