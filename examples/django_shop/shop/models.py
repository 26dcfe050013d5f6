"""What the shop itself stores."""

from django.db import models


class Order(models.Model):
    """Somebody wants something; ``ticket`` is the number of the ticket about it."""

    email = models.EmailField()
    item = models.CharField(max_length=100)
    ticket = models.PositiveIntegerField()
