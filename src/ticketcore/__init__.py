"""ticketcore turns customers' messages into tickets, and tickets into fairly shared work."""
