"""What alembic runs for each migration: our metadata on the connection that `upgrade` opened."""

from alembic import context

from inspections import all_models
from inspections.database import Base

all_models()
connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
