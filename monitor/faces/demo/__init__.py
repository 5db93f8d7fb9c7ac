"""A depositary, a mailbox and a webhook receiver on loopback, to see the program work without a network."""
