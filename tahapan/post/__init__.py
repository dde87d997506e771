"""How letters leave: the outbox, mail, print packs, calendar objects, and the receipts that come back."""
