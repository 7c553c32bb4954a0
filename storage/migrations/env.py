"""Runs the migrations over the connection that storage/migrate.py has opened and locked."""

from alembic import context

from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    # One transaction around everything, on SQLite too: an upgrade happens whole or not at all.
    transactional_ddl=True,
)
context.run_migrations()
