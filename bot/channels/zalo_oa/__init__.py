"""A Zalo Official Account: signed events in, OpenAPI calls out (developers.zalo.me, Official Account API)."""
