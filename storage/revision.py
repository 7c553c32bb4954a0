"""The schema this program is written for, known without importing Alembic; a test holds it to the migrations."""

HEAD = "0025"
