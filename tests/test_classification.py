"""Query or request: laws of the features and weights first, then a message of each kind in every language."""

import ast
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.classification import Label, classify
from ticketcore.classification import features as module
from ticketcore.classification.features import LOOK, features_of
from ticketcore.classification.weights import INTERCEPT, WEIGHTS
from ticketcore.cues import LANGUAGES
from ticketcore.cues.english import ENGLISH

QUERIES = """
en What are your opening hours?
en Could you tell me the balance of my account?
en I'd like to know when the rate changes
de Wie sind Ihre Öffnungszeiten?
de Können Sie mir sagen, was die Lieferung kostet?
fr Quels sont vos horaires ?
fr Je voudrais savoir quel est mon solde
es ¿Cuál es mi saldo?
es ¿Dónde hay un cajero cerca de aquí?
pt Qual é o prazo de entrega?
pt Quanto custa o envio?
it Quanto costa la spedizione?
it Vorrei sapere quali sono gli orari
nl Wat zijn de openingstijden?
nl Kunt u mij vertellen wat het tarief is?
zh 请问营业时间是几点
zh 这个多少钱
ja 残高を教えてください
ja 営業時間は何時までですか
""".strip().splitlines()

REQUESTS = """
en Please cancel my order
en I was charged twice
en Can you send me a copy of the invoice?
en My card was stolen, block it
de Ich möchte meinen Vertrag kündigen
de Mein Gerät ist defekt
fr Je voudrais changer mon adresse
fr Ma carte a été volée, merci de la bloquer
es Quiero cancelar mi pedido
es La pantalla está rota
pt Quero trocar o produto
pt Preciso cancelar a minha reserva
it Vorrei disdire il contratto
it La macchina non funziona
nl Ik wil mijn pakket retourneren
nl Kunt u mijn adres wijzigen?
zh 我想取消订单
zh 手机坏了，请帮我维修
ja 住所を変更したいです
ja 予約をキャンセルしてください
""".strip().splitlines()

texts = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from([line.partition(" ")[2] for line in (*QUERIES, *REQUESTS)]), max_size=4).map(" ".join),
)


@given(texts)
def test_the_probability_is_of_the_label_and_adds_up_from_the_cues(text):
    found = classify(text)
    assert 0.5 <= found.probability <= 1
    sign = 1 if found.label is Label.QUERY else -1
    odds = sign * INTERCEPT + sum(cue.weight for cue in found.cues)
    assert math.isclose(found.probability, 1 / (1 + math.exp(-odds)), abs_tol=1e-4)
    assert [abs(cue.weight) for cue in found.cues] == sorted((abs(cue.weight) for cue in found.cues), reverse=True)
    assert all(cue.name in WEIGHTS for cue in found.cues)


@given(texts)
def test_case_accents_and_width_do_not_matter(text):
    assert classify(text).label is classify(text.replace("é", "e").replace("Ö", "o")).label


@given(st.permutations([line.partition(" ")[2] for line in QUERIES[:6]]))
def test_the_order_of_messages_changes_no_answer(messages):
    answers = {message: classify(message) for message in messages}
    assert all(classify(message) == answer for message, answer in answers.items())


@given(texts, texts)
def test_what_stands_beyond_what_is_looked_at_changes_nothing(one, other):
    text = ("Where is my parcel? " * LOOK)[:LOOK]
    assert classify(text + one) == classify(text + other)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_language_has_words_for_every_cue(language):
    assert language.cues.keys() == ENGLISH.cues.keys()
    for name, words in language.cues.items():
        phrases = [each.strip() for each in words.split("|")]
        assert all(phrases), name
        assert len(set(phrases)) == len(phrases), name
        for phrase in phrases:
            said = phrase.rstrip("*")
            spans = features_of(said).words
            assert name in spans or any(spans), phrase


def test_weights_belong_to_features_and_are_rounded():
    """Each weight is that of a cue, or of a sign that the module of features names."""
    text = Path(module.__file__).read_text(encoding="utf-8")
    named = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    for name, weight in WEIGHTS.items():
        assert name in {*ENGLISH.cues, *named}
        assert weight == round(weight, 6)
    assert list(WEIGHTS) == sorted(WEIGHTS)


@pytest.mark.parametrize("line", QUERIES)
def test_queries(line):
    assert classify(line.partition(" ")[2]).label is Label.QUERY


@pytest.mark.parametrize("line", REQUESTS)
def test_requests(line):
    assert classify(line.partition(" ")[2]).label is Label.REQUEST


def test_every_language_has_its_messages():
    for lines in (QUERIES, REQUESTS):
        assert {line.partition(" ")[0] for line in lines} == {language.code for language in LANGUAGES}


def test_the_last_word_of_a_phrase_may_go_on():
    assert features_of("Estoy interesada en una cuenta").words["wants"] == "estoy interesada"
    assert "wants" not in features_of("Estoy muy interesada").words


def test_the_cues_say_what_was_said():
    found = classify("I would like to CANCEL my order")
    assert "cancel" in {cue.words for cue in found.cues}
    assert found.cues[0].weight > 0


@pytest.mark.parametrize(
    "text", ["", " ", "\u202e\u2067\u0000", "?" * 1_000_000, "what " * 200_000, "\u0301" * 100_000]
)
def test_hostile_messages(text):
    assert classify(text).label in Label


def test_a_text_without_a_language_table_is_answered():
    assert classify("Кога пристигнува пакетот?").label in Label
