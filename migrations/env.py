"""Alembic's entrance. The caller (app.core.schema) hands over an open superuser connection; there is no ini file."""

import importlib
import pkgutil

from alembic import context
from sqlalchemy import BIGINT

import app
from app.core.records import Base

for room in pkgutil.iter_modules(app.__path__):
    if room.ispkg and any(inner.name == "records" for inner in pkgutil.iter_modules([f"{app.__path__[0]}/{room.name}"])):
        importlib.import_module(f"app.{room.name}.records")

OURS_WITHOUT_A_CLASS = {
    "station_ticket",
    "login_record",
    "command",
    "audit_chain",
    "audit_log",
    "signature_rule",
    "attachment_chunk",
    "disposition_rule",
    "machine_run",
    "sample",
    "seal",
    "sealed_head",
}


def _mapped(name, kind, parents):
    if kind == "schema":
        return name == "lineside"
    if kind == "table" and name.startswith("sample_2"):  # a month of samples
        return False
    return name not in OURS_WITHOUT_A_CLASS and not (kind == "column" and name == "tx")  # who wrote it is the database's own business


# The database's default search_path is lineside: autogenerate would then look for our tables in a schema without a name.
_connection = context.config.attributes["connection"]
_connection.exec_driver_sql("SET LOCAL search_path = ''")
_connection.dialect.default_schema_name = "public"
_connection.dialect.ischema_names.setdefault("xid8", BIGINT)


def _compared(thing, name, kind, reflected, compare_to):
    """No class declares foreign keys to tables without one, indexes on columns without an attribute, those of a trace across rooms."""
    if kind == "index" and reflected and ("tx" in thing.columns or name.startswith("trace_")):
        return False
    return not (kind == "foreign_key_constraint" and reflected and thing.elements[0].target_fullname.split(".")[1] in OURS_WITHOUT_A_CLASS)


context.configure(
    connection=_connection,
    target_metadata=Base.metadata,
    include_schemas=True,
    include_name=_mapped,
    include_object=_compared,
    version_table_schema="lineside_meta",
    transaction_per_migration=False,
)
context.run_migrations()
