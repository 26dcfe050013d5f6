"""Orders and tickets are stored together or not at all."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.test import Client, TestCase, TransactionTestCase

from shop.desk import desk, own_desk
from shop.models import Order
from ticketcore.model import Kind
from ticketcore.ports import Query


def place(client, item, email="kim@example.org"):
    """Order something."""
    return client.post("/orders", {"email": email, "item": item})


class InOneTransaction(TestCase):
    """Django runs each of these in a transaction that it rolls back: the desk is in there too."""

    def test_an_order_has_its_ticket(self):
        with self.captureOnCommitCallbacks() as later:
            placed = place(self.client, "ring").json()
        self.assertEqual(placed["ticket"], Order.objects.get().ticket)
        with transaction.atomic():
            self.assertEqual(desk().tickets().tickets[0].number, placed["ticket"])
        self.assertTrue(later, "who sends is woken after the commit")
        self.assertEqual(own_desk().tickets().tickets, (), "nobody else sees any of it yet")

    def test_one_that_fails_leaves_neither(self):
        with self.captureOnCommitCallbacks() as later:
            self.assertEqual(place(self.client, "moon").status_code, 409)
            self.assertEqual(place(self.client, "ring", email="").status_code, 400)
        self.assertEqual(Order.objects.count(), 0)
        with transaction.atomic():
            self.assertEqual(desk().tickets().tickets, ())
        self.assertFalse(later)


class Committed(TransactionTestCase):
    """These commit."""

    def test_many_at_once(self):
        def customer(i):
            client = Client()
            try:
                for item in ("ring", "moon", "chain"):
                    place(client, item, f"c{i}@example.org")
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(customer, range(24)))
        tickets = own_desk().tickets(limit=1000).tickets
        messages = own_desk().find(Query(Kind.MESSAGE, limit=1000)).values
        self.assertEqual(Order.objects.count(), 48)
        self.assertEqual(len(messages), 48)
        self.assertEqual(set(Order.objects.values_list("ticket", flat=True)), {ticket.number for ticket in tickets})
        self.assertEqual([ticket.number for ticket in tickets], list(range(1, 25)), "one for each customer, no gaps")
