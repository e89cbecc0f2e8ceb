"""Eleven ways to write, of which an ORM's events saw two: the trail has exactly one entry per change on every one (reliability 2a)."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlalchemy import ForeignKey, StaticPool, Text, create_engine, insert, text, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.base.ids import new_id
from tests.plant import Plant

TABLES = """
SET ROLE lineside_owner;
CREATE TABLE lineside.trial_parent (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE lineside.trial_child (id uuid PRIMARY KEY, parent uuid NOT NULL REFERENCES lineside.trial_parent ON DELETE CASCADE);
CALL lineside.keep_trail('trial_parent', 'free');
CALL lineside.keep_trail('trial_child', 'free');
RESET ROLE;
"""


class TrialBase(DeclarativeBase):
    """Tables of this test alone."""


class Parent(TrialBase):
    __tablename__ = "trial_parent"
    __table_args__ = {"schema": "lineside"}  # noqa: RUF012
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)


class Child(TrialBase):
    __tablename__ = "trial_child"
    __table_args__ = {"schema": "lineside"}  # noqa: RUF012
    id: Mapped[UUID] = mapped_column(primary_key=True)
    parent: Mapped[UUID] = mapped_column(ForeignKey("lineside.trial_parent.id"))


@pytest.fixture
def session(plant: Plant) -> Iterator[Session]:
    """A session of a superuser: the widest paths there are."""
    superuser = plant.superuser()
    superuser.execute(TABLES)
    superuser.autocommit = False
    engine = create_engine("postgresql+psycopg://", creator=lambda: superuser, poolclass=StaticPool)
    with Session(engine) as opened:
        parents = [Parent(id=new_id(), name=f"p{n}") for n in range(3)]
        opened.add_all(parents)
        opened.flush()
        opened.add_all([Child(id=new_id(), parent=parents[0].id) for _ in range(4)])
        opened.commit()
        yield opened


def _attribute(session: Session) -> None:
    session.query(Parent).filter_by(name="p0").one().name = "changed"


def _bulk_update(session: Session) -> None:
    session.execute(update(Parent).values(name="all"))


def _bulk_insert(session: Session) -> None:
    session.execute(insert(Parent), [{"id": new_id(), "name": "a"}, {"id": new_id(), "name": "b"}])


def _bulk_save(session: Session) -> None:
    session.bulk_save_objects([Parent(id=new_id(), name="bulk")])


def _cascade(session: Session) -> None:
    session.delete(session.query(Parent).filter_by(name="p0").one())


def _core_update(session: Session) -> None:
    session.connection().execute(update(Parent.__table__).values(name="core"))  # type: ignore[arg-type]


def _plain_sql(session: Session) -> None:
    session.execute(text("UPDATE lineside.trial_parent SET name = 'sql'"))


def _query_update(session: Session) -> None:
    session.query(Parent).filter_by(name="p1").update({"name": "queried"})


def _savepoint(session: Session) -> None:
    undone = session.begin_nested()
    session.query(Parent).filter_by(name="p0").one().name = "never"
    session.flush()
    undone.rollback()
    session.query(Parent).filter_by(name="p1").one().name = "really"


def _copy(session: Session) -> None:
    cursor = session.connection().connection.cursor()
    with cursor.copy("COPY lineside.trial_parent (id, name) FROM STDIN") as copy:
        copy.write_row((new_id(), "c1"))
        copy.write_row((new_id(), "c2"))


def _upsert(session: Session) -> None:
    session.execute(
        text(
            """INSERT INTO lineside.trial_parent SELECT id, 'again' FROM lineside.trial_parent WHERE name = 'p0' UNION ALL
            SELECT uuidv7(), 'new'
                ON CONFLICT (id) DO UPDATE SET name = excluded.name"""
        )
    )


def _merge(session: Session) -> None:
    session.execute(
        text(
            """MERGE INTO lineside.trial_parent t USING (VALUES ('p0'), ('p9')) s (name) ON t.name = s.name WHEN MATCHED THEN DELETE
                WHEN NOT MATCHED THEN INSERT VALUES (uuidv7(), s.name)"""
        )
    )


PATHS: dict[str, tuple[Callable[[Session], None], int]] = {
    "an attribute": (_attribute, 1),
    "a bulk update": (_bulk_update, 3),
    "a bulk insert": (_bulk_insert, 2),
    "bulk_save_objects": (_bulk_save, 1),
    "a delete that the database cascades": (_cascade, 5),
    "a Core update": (_core_update, 3),
    "plain SQL": (_plain_sql, 3),
    "query.update": (_query_update, 1),
    "a savepoint rolled back": (_savepoint, 1),
    "COPY": (_copy, 2),
    "an upsert": (_upsert, 2),
    "MERGE": (_merge, 6),
}


@pytest.mark.capability("K3", "R11-05")
@pytest.mark.parametrize("path", PATHS)
def test_every_way_to_write_leaves_one_entry_per_change(plant: Plant, session: Session, path: str):
    write, changes = PATHS[path]
    counted = "SELECT count(*) FROM lineside.audit_log WHERE tab LIKE 'trial%%'"
    before = plant.rows(counted)[0][0]
    write(session)
    session.commit()
    assert plant.rows(counted)[0][0] - before == changes  # type: ignore[operator]


def test_truncate_and_a_changed_identity_are_refused(plant: Plant, session: Session):
    for statement, sqlstate in (
        ("TRUNCATE lineside.trial_parent CASCADE", "LS013"),
        ("UPDATE lineside.trial_child SET id = uuidv7()", "LS012"),
    ):
        with pytest.raises(Exception, match=r"not possible|cannot be changed") as refused:
            session.execute(text(statement))
        assert refused.value.orig.sqlstate == sqlstate  # type: ignore[attr-defined]
        session.rollback()


def test_replication_mode_does_not_silence_the_trail(plant: Plant, session: Session):
    counted = "SELECT count(*) FROM lineside.audit_log WHERE tab = 'trial_parent'"
    before = plant.rows(counted)[0][0]
    session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(text("UPDATE lineside.trial_parent SET name = 'quietly'"))
    session.commit()
    assert plant.rows(counted)[0][0] - before == 3  # type: ignore[operator]
