"""The desk that the bench of a long feed works with: a shop with five teams, seven queues, 30 rules and 15 agents.

The rules look for words that the mails of ``bench.mails`` use as well as for ones that they never do, so that some
mails are taken by the first rule, some by a late one and some by none.
"""

from datetime import timedelta

from ticketcore import AgentProfile, Condition, Configuration, RoutingRule
from ticketcore.model import Queue, Team

_RULES: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...], dict[str, int], int | None], ...] = (
    ("spam", "triage", ("lottery", "casino", "crypto giveaway"), ("spam",), {}, 1),
    ("legal", "managers", ("lawyer", "court", "GDPR", "律师"), ("legal",), {"legal": 2}, 4),
    ("press", "managers", ("journalist", "interview", "采访"), ("press",), {}, 3),
    ("outage", "technical", ("outage", "down for everyone", "503"), ("outage",), {"web": 3}, 4),
    ("security", "technical", ("phishing", "hacked", "data leak", "被盗"), ("security",), {"security": 2}, 4),
    ("chargeback", "billing", ("chargeback", "dispute", "拒付"), ("chargeback",), {"payments": 3}, 4),
    ("refund-zh", "refunds", ("退款", "款"), ("refund", "zh"), {"payments": 1, "chinese": 1}, 3),
    ("invoice-zh", "billing", ("发票", "票"), ("invoice", "zh"), {"payments": 1, "chinese": 1}, None),
    ("parcel-zh", "shipping", ("快递", "发货", "递"), ("parcel", "zh"), {"chinese": 1}, None),
    ("login-zh", "technical", ("登录", "密码", "录"), ("login", "zh"), {"web": 1, "chinese": 1}, None),
    ("refund-late", "refunds", ("refund yesterday", "still refund"), ("refund", "late"), {"payments": 2}, 4),
    ("refund", "refunds", ("please refund", "refund order", "money back"), ("refund",), {"payments": 1}, 3),
    ("card", "billing", ("payment card", "card payment", "card declined"), ("card",), {"payments": 2}, 3),
    ("bank", "billing", ("IBAN", "SEPA", "direct debit"), ("bank",), {"payments": 2}, None),
    ("tax", "billing", ("VAT", "tax number", "reverse charge"), ("tax",), {"payments": 2}, None),
    ("invoice", "billing", ("invoice number", "invoice attached", "billed twice"), ("invoice",), {"payments": 1}, None),
    ("customs", "shipping", ("customs", "import duty"), ("customs",), {"logistics": 2}, None),
    ("pickup", "shipping", ("pick-up point", "parcel locker"), ("pickup",), {"logistics": 1}, None),
    ("delivery", "shipping", ("order delivery", "delivery since", "courier"), ("parcel",), {"logistics": 1}, None),
    ("damaged", "returns", ("damaged", "broken", "order error"), ("damaged",), {"logistics": 1}, 3),
    ("return", "returns", ("send back", "same order", "wrong size"), ("return",), {}, None),
    ("warranty", "returns", ("warranty", "guarantee", "repair"), ("warranty",), {"products": 2}, None),
    ("login", "technical", ("cannot login", "login fails", "two-factor"), ("login",), {"web": 1}, None),
    ("password", "technical", ("password reset", "reset password"), ("login",), {"web": 1}, None),
    ("app", "technical", ("mobile app", "app crash", "app shows"), ("app",), {"mobile": 1}, None),
    ("browser", "technical", ("browser error", "browser page", "cookies"), ("web",), {"web": 2}, None),
    ("export", "technical", ("export fails", "report timeout", "dashboard fails"), ("export",), {"web": 3}, None),
    ("account", "accounts", ("account update", "update account", "access account"), ("account",), {}, None),
    ("urgent", "accounts", ("urgent please", "urgent help", "immediately"), ("urgent",), {}, 3),
)

_AGENTS: tuple[tuple[str, tuple[str, ...], dict[str, int]], ...] = (
    ("ana", ("front", "care"), {"payments": 1, "products": 2}),
    ("bo", ("front", "care"), {"logistics": 2, "products": 2}),
    ("chen", ("front", "care", "money"), {"chinese": 3, "payments": 2, "logistics": 1}),
    ("dina", ("money",), {"payments": 3}),
    ("emil", ("money",), {"payments": 3, "legal": 1}),
    ("fei", ("money", "tech"), {"chinese": 2, "payments": 2, "web": 2}),
    ("gus", ("money",), {"payments": 2}),
    ("hana", ("tech",), {"web": 3, "mobile": 2, "security": 2}),
    ("igor", ("tech",), {"web": 3, "mobile": 3}),
    ("jin", ("tech", "care"), {"chinese": 3, "web": 1, "mobile": 1, "logistics": 1}),
    ("kim", ("tech",), {"web": 2, "security": 3}),
    ("lea", ("care",), {"logistics": 3, "products": 1}),
    ("max", ("care",), {"logistics": 1, "products": 3}),
    ("nora", ("front",), {}),
    ("otto", ("lead",), {"legal": 3, "payments": 3, "web": 3}),
)


def shop(capacity: int, solve_after: timedelta = timedelta(days=4)) -> Configuration:
    """The shop, with so many tickets at once for each agent and so long a silence before a ticket is solved."""
    rules = [
        RoutingRule(id, Condition(words), queue, tags, skills, priority)
        for id, queue, words, tags, skills, priority in _RULES
    ]
    vip = RoutingRule("vip", Condition(tags=("vip", "press")), "managers", ("vip",), priority=4)
    return Configuration(
        teams=[Team("front"), Team("money"), Team("tech"), Team("care"), Team("lead")],
        queues=[
            Queue("triage", "front"),
            Queue("accounts", "front"),
            Queue("billing", "money"),
            Queue("refunds", "money"),
            Queue("technical", "tech"),
            Queue("shipping", "care"),
            Queue("returns", "care"),
            Queue("managers", "lead"),
        ],
        rules=[vip, *rules],
        agents=[
            AgentProfile(id, teams=teams, skills=skills, capacity=capacity, weight=50 if place % 4 == 3 else 100)
            for place, (id, teams, skills) in enumerate(_AGENTS)
        ],
        default_queue="triage",
        solve_after=solve_after,
    )
