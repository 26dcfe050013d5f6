"""A shop whose orders and tickets are stored in one transaction."""
