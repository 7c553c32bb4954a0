"""Telegram: raw updates in, Bot API calls out. Only `client` and its import of aiogram cost memory; import it late."""
