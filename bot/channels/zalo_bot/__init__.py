"""Zalo Bot Platform: events in, calls of its Bot API out. Its tariff allows 50 people: for trying out."""
