"""Makes the schema of this program in a database that holds nothing yet.

The migrations would come to the same, table by table; but Alembic, loaded for them, would stay in the memory of a
process that may run for years. PostgreSQL's conditions on indexes stand in the migrations alone (see tables).
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect

from monitor.storage import tables

_VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


def make_schema(connection: Connection) -> bool:
    """Make all tables in an empty SQLite database, within the caller's transaction; return whether it was one."""
    if connection.dialect.name != "sqlite" or inspect(connection).get_table_names():
        return False
    tables.METADATA.create_all(connection)
    _VERSION.create(connection)
    connection.execute(insert(_VERSION).values(version_num=tables.REVISION))
    return True
