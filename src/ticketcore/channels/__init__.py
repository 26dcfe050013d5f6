"""Channels: what turns a provider's bytes into ``Inbound`` values.  None of them opens a socket or reads a clock."""
