"""Between the window's thread and everything that may wait: commands, questions, the feed, devices.

The only place of the user interface that gives orders to the database. Whatever comes back is told on the window's thread, and
only if the widget that asked still stands. A lost reply is *unknown*: the order is kept and asked again with the same
``command_id`` as soon as its person has a connection again; it never becomes "not done" by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from sqlalchemy.orm import Session

from app.base.errors import AppError
from app.capture.live import Live
from app.capture.recorder import Recorder
from app.core.command import COMMANDS, Order
from app.core.database import Server, SignInAgain, keep_sql_off, open_to_sql
from app.core.feed import Change
from app.core.refusals import DatabaseAway
from app.core.session import SignedIn, Signer, Who, sign_in
from app.core.stations import StationLink
from app.core.trust.witness import TrailContradicts, TrailWitness, WitnessUnreadable
from app.core.while_away import NotWhileAway, WhileAway
from app.devices.hub import Hub
from app.labels.queue import PrintQueue
from ui.printing.system_printers import SystemPrinters
from ui.shell.crew import CLOSE_S, Crew, FailureOnRecord, Given, Heard, NobodySignedIn, NotDoneByFault, NotSignedAfterAll, Refused, nothing
from ui.shell.disk_watch import DiskWatch
from ui.shell.ear import Ear
from ui.shell.entries import Entries
from ui.shell.feed_watch import COMPARE_EVERY_S, EVERY_S, DatabaseHere, FeedWatch
from ui.shell.keeping import Keeping
from ui.shell.lanes import Errand, Lane, Outcome, owner_of
from ui.shell.questions import Arrival, arrival, still_here
from ui.shell.series import Series


class Bridge(Keeping, QObject):
    """Make it on the window's thread, `start` it, `close` it. Every callback and signal comes on that thread."""

    changed = Signal(object)
    """``list[Change]``: committed by anybody since the last time."""
    database = Signal(object)
    """`DatabaseHere`, at every look and whenever the number of waiting orders changes."""
    disk = Signal(object)
    """`DiskRoom`, every minute once `watch_disk` began."""
    refused = Signal(object)
    """An `AppError` nobody asked to hear: the window's banner."""
    unknown = Signal(object)
    """`Given`: a reply was lost; the order is kept."""
    settled = Signal(object)
    """`Given`: what was unknown is known now."""
    session_lost = Signal()
    """The person's connections are gone for good: ask for the password again, keep everything."""
    broke = Signal(object)
    """A defect of this program, for the crash report."""
    person_changed = Signal(object)
    """`Who`, or ``None`` when nobody is signed in."""

    _came = Signal(object)
    _fed = Signal(object)
    _stood = Signal(object)
    _measured = Signal(object)

    def __init__(
        self,
        server: Server,
        link: StationLink,
        witness: TrailWitness,
        *,
        feed_every_s: tuple[float, float] = EVERY_S,
        compare_every_s: float = COMPARE_EVERY_S,
    ) -> None:
        """Nothing is opened yet.

        Args:
            server: Where people sign in.
            link: The station's own connection; closed by `close`.
            witness: What this station has seen of the trail. While the database contradicts it no order is given from here.
            feed_every_s: Shortest and longest wait between two looks at the feed.
            compare_every_s: Between two comparisons of clock and version with the database's.
        """
        super().__init__()
        self._server, self._link = server, link
        for came, take in (
            (self._came, self._hear),
            (self._fed, self.changed.emit),
            (self._stood, self._stands),
            (self._measured, self.disk.emit),
        ):
            came.connect(take, Qt.ConnectionType.QueuedConnection)
        self.ear = Ear(self)
        self.live = Live()
        """What machines said in the last minutes; `ear.samples` says when there is more."""
        self._hub: Hub | None = None
        self._recorder: Recorder | None = None
        self._printing: PrintQueue | None = None
        self._station = Lane("station", self._came.emit)
        self._files: Lane | None = None
        self._watch = FeedWatch(
            link, witness, every_s=feed_every_s, compare_every_s=compare_every_s, changes=self._fed.emit, standing=self._stood.emit
        )
        self._disk: DiskWatch | None = None
        self._entries: Entries | None = None
        self._crew: Crew | None = None
        self._retired: list[Crew] = []
        self._kept: list[Given] = []
        self._under_way: set[Given] = set()
        self._here: DatabaseHere | None = None
        self._closed = False

    # life -------------------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Close this thread to SQL and begin to watch the database."""
        keep_sql_off(threading.current_thread())
        self._watch.start()

    def listen_to(self, hub: Hub) -> None:
        """Readings, scans and states of this hub come through `ear` from now on, its samples are in `live` by then."""
        self._hub = hub
        hub.subscribe(self.live)
        hub.subscribe(self.ear.listener)

    def listen_to_recording(self, recorder: Recorder) -> None:
        """The recorder hears the hub, and its state is heard through `ear` from now on; how it stands already is said at once.

        Troubles go to the banner.

        One that does not run yet is kept for `begin_recording`, and nobody hears of it until then.
        """
        self._recorder = recorder
        if recorder.is_running:
            self._hear_recorder(recorder)

    def begin_recording(self) -> None:
        """A machine is connected: what it says is recorded from now on, also where there was none before."""
        recorder = self._recorder
        if recorder is not None and not recorder.is_running:
            recorder.start()
            self._hear_recorder(recorder)

    def _hear_recorder(self, recorder: Recorder) -> None:
        if self._hub is not None:
            self._hub.subscribe(recorder)
        self.ear.recording_trouble.connect(self.refused)
        recorder.subscribe(self.ear.listener)
        self.ear.hear("recording", recorder.stands())

    def listen_to_printing(self, queue: PrintQueue) -> None:
        """Printers and labels are heard through `ear` from now on; how the printers stand is said at once. Office printers print."""
        self._printing = queue
        queue.spool_through(SystemPrinters())
        queue.subscribe(self.ear.listener)
        for state in queue.states().values():
            self.ear.hear("state", state)

    def watch_disk(self, folder: Path) -> None:
        """Say in `disk` how much room is left where this folder lies, from now until `close`."""
        self._disk = DiskWatch(folder, self._measured.emit)
        self._disk.start()

    @property
    def here(self) -> DatabaseHere | None:
        """How the database stands; ``None`` before the first answer, or the first missing one."""
        return self._here

    @property
    def printing(self) -> PrintQueue | None:
        """The print queue, to be woken by whoever asked for a label."""
        return self._printing

    @property
    def recorder(self) -> Recorder | None:
        """What records the machines of this station: whether a step that needs them may start, and `hand_over` when one ends.

        ``None`` while no machine was ever connected.
        """
        return self._recorder if self._recorder is not None and self._recorder.is_running else None

    @property
    def hub(self) -> Hub | None:
        """The devices of this station."""
        return self._hub

    def close(self) -> None:
        """Sign out and end every thread; orders on their way are finished first, for at most six seconds."""
        self._closed = True
        if self._hub is not None:
            self._hub.unsubscribe(self.ear.listener)
            self._hub.unsubscribe(self.live)
        if self._recorder is not None:
            self._recorder.unsubscribe(self.ear.listener)
        if self._printing is not None:
            self._printing.unsubscribe(self.ear.listener)
        self.ear.close()
        if self._disk is not None:
            self._disk.stop(0)
        self._watch.stop(CLOSE_S)
        self.use(None)
        if self._entries is not None:
            self._entries.close(CLOSE_S)
        self._station.finish()
        if self._files is not None:
            self._files.finish()  # a folder may hang: it ends with the program
        for crew in self._retired:
            crew.join(CLOSE_S)
        self._station.join(CLOSE_S)
        self._link.close()
        open_to_sql(threading.current_thread())

    # people -----------------------------------------------------------------------------------------------------------------------

    @property
    def session(self) -> SignedIn | None:
        """Who is signed in, with their connections. Only for `who` and `where`: asking is the bridge's."""
        return self._crew.session if self._crew is not None else None

    @property
    def who(self) -> Who | None:
        """The person at this station."""
        return self._crew.session.who if self._crew is not None else None

    def sign_in(
        self, login: str, password: str, *, done: Callable[[Arrival], None], refused: Refused, owner: QObject | None = None
    ) -> None:
        """Open somebody's connections; `use` makes them the person of this station. A wrong password is put on record."""
        self._errand(self._station, partial(self._open, login, password), done=done, refused=refused, owner=owner)

    def use(self, session: SignedIn | None) -> None:
        """This person works here from now on. What the one before gave is still done, then their connections close.

        Orders of this person whose replies were lost earlier are asked again at once, before any new one.
        """
        if self._crew is not None:
            self._crew.retire()
            self._let_go_of_kept()
            self._seal_shift()
            self._retired = [crew for crew in self._retired if not crew.orders.join(0)] + [self._crew]
        self._crew = Crew(session, self._came.emit) if session is not None else None
        if not self._closed:
            self._ask_kept_again()
            self.person_changed.emit(self.who)

    def _seal_shift(self) -> None:
        """Somebody's work ends here: what they did is bound. Where the database is away the next seal does it."""
        if self._here is not None and self._here.trouble is None:
            self._errand(self._station, partial(self._link.seal, "shift end"), done=nothing, refused=nothing)

    def ask_station(
        self, question: Callable[[StationLink], Any], *, done: Heard, refused: Refused | None = None, owner: QObject | None = None
    ) -> None:
        """Ask over the station's own connection: who may sign in here, whose badge is this."""
        self._errand(self._station, partial(question, self._link), done=done, refused=refused, owner=owner)

    def fetch(self, act: Callable[[], Any], *, done: Heard, refused: Refused | None = None, owner: QObject | None = None) -> None:
        """Do something slow that asks no database: look into a folder, read a file. A thread of its own, made when first asked."""
        if self._files is None:
            self._files = Lane("files", self._came.emit)
        self._errand(self._files, act, done=done, refused=refused, owner=owner)

    def _open(self, login: str, password: str) -> Arrival:
        with FailureOnRecord(self._link, login):
            session = sign_in(self._server, login=login, password=password, tickets=self._link.ticket)
        return arrival(session)

    # orders and questions ---------------------------------------------------------------------------------------------------------

    def ask(self, question: Callable[[Session], Any], *, done: Heard, refused: Refused | None = None, owner: QObject | None = None) -> None:
        """Answer a question of ``queries.py`` in a read-only transaction, beside the orders."""
        if self._crew is None:
            (refused or self.refused.emit)(NobodySignedIn())
            return
        refused = partial(self._question_refused, self._crew, refused or self.refused.emit)
        self._errand(self._crew.questions, partial(self._crew.session.ask, question), done=done, refused=refused, owner=owner)

    def _question_refused(self, crew: Crew, refused: Refused, refusal: AppError) -> None:
        if isinstance(refusal, SignInAgain):
            self._lose(crew)
        refused(refusal)

    def give(
        self,
        order: Order,
        *,
        done: Heard | None = None,
        refused: Refused | None = None,
        unknown: Callable[[Given], None] | None = None,
        drafted: Callable[[Given], None] | None = None,
        reason: str | None = None,
        signer: Signer | None = None,
        owner: QObject | None = None,
        series: Series | None = None,
        confirms: bool = False,
    ) -> None:
        """Give an order; orders of one person are carried out one after the other.

        Args:
            order: What to do.
            done: Hears the command's answer.
            refused: Hears what the command or the database refused; without it the window's banner shows it.
            unknown: Hears that the reply was lost. The order is kept; `done` or `refused` follow when it is known.
            drafted: Hears that it waits as a draft for its author now; nothing else follows.
            reason: One line why, where the record demands it.
            signer: Who signs, for commands that declare a meaning.
            owner: Nothing is told once this object is deleted; usually found from `done` by itself.
            series: The line it stands in, where a refused order must stop those that were given after it.
            confirms: Its draft is in the database already and its author stands for it: kept nowhere else.
        """
        if self._crew is None:
            (refused or self.refused.emit)(NobodySignedIn())
            return
        if self._here is not None and isinstance(self._here.trouble, TrailContradicts | WitnessUnreadable):
            (refused or self.refused.emit)(self._here.trouble)
            return
        if signer is not None and self._here is not None and self._here.schema is not None:
            (refused or self.refused.emit)(self._here.schema)
            return
        while_away = WhileAway.REFUSED if confirms else COMMANDS[type(order)].away(order)
        if self.is_away and while_away is WhileAway.REFUSED:
            (refused or self.refused.emit)(NotWhileAway())
            return
        given = Given(
            order=order,
            login=self._crew.session.who.login,
            reason=reason,
            signed=signer is not None,
            done=done or nothing,
            refused=refused or self.refused.emit,
            unknown=unknown,
            drafted=drafted,
            owner=owner or owner_of(done) or owner_of(refused),
            series=series,
        )
        self._under_way.add(given)
        send = partial(self._send, self._crew, given, partial(self._carry_out, self._crew.session, given, signer))
        self._in_turn(self._crew, given, send, is_draft=while_away is WhileAway.DRAFT)

    def _carry_out(self, session: SignedIn, given: Given, signer: Signer | None) -> Any:
        if signer is None:
            return _once_more(session, given)
        with FailureOnRecord(self._link, signer.login):
            return session.give(given.order, reason=given.reason, signer=signer)

    def _send(self, crew: Crew, given: Given, act: Callable[[], Any]) -> None:
        self._under_way.add(given)
        crew.orders.put(Errand(act=act, done=partial(self._is_done, given), refused=partial(self._is_refused, crew, given), owner=None))

    def _is_done(self, given: Given, answer: Any) -> None:
        if self._entries is not None:
            self._entries.settle(given)
        self._settle(given)
        if given.is_wanted:
            given.done(answer)

    def _is_refused(self, crew: Crew, given: Given, refusal: AppError) -> None:
        if isinstance(refusal, DatabaseAway | SignInAgain):
            self._keep(given)
            if isinstance(refusal, SignInAgain):
                self._lose(crew)
            if crew.lost or crew is not self._crew:
                self._let_go_of_kept()
            return
        if self._entries is not None:
            self._entries.settle(given, refusal.code)
        self._settle(given)
        if given.is_wanted:
            given.refused(refusal)

    # lost replies -----------------------------------------------------------------------------------------------------------------

    @property
    def waiting(self) -> tuple[Given, ...]:
        """Orders whose replies were lost and that only this program knows, oldest first."""
        return tuple(one for one in self._kept if self._entries is None or not self._entries.has(one))

    def _keep(self, given: Given) -> None:
        self._under_way.discard(given)
        self._watch.look_now()
        if given in self._kept:
            return
        self._kept.append(given)
        if given.unknown is not None and given.is_wanted:
            given.unknown(given)
        if given in self.waiting:
            self.unknown.emit(given)
        self._tell_standing()

    def _settle(self, given: Given) -> None:
        self._under_way.discard(given)
        if given in self._kept:
            self._kept.remove(given)
            self.settled.emit(given)
            self._tell_standing()

    def _ask_kept_again(self) -> None:
        crew = self._crew
        if crew is None:
            return
        for given in self._kept:
            if given.login == crew.session.who.login and given not in self._under_way:
                self._send(crew, given, partial(_stored_answer if given.signed else _once_more, crew.session, given))

    def _lose(self, crew: Crew) -> None:
        """Both connections of this person are gone; no connection is opened without their password."""
        if not crew.lost:
            crew.lost = True
            self._let_go_of_kept()
            self._look_whether_back()

    def _look_whether_back(self) -> None:
        """A person who lost the connections works on until the password can be asked: not before the database answers again."""
        crew = self._crew
        if crew is not None and crew.lost and not crew.told:
            act = self._link.alive
            self._errand(self._station, act, done=partial(self._is_back, crew), refused=nothing)

    def _is_back(self, crew: Crew, alive: bool) -> None:
        if not alive:
            self._watch.look_now()
        elif crew is self._crew and not crew.told:
            crew.told = True
            self.session_lost.emit()

    def _stands(self, here: DatabaseHere) -> None:
        was_away = self._here is not None and self._here.away_since is not None
        self._here = here
        self.ear.clock = here.clock
        crew = self._crew
        if here.away_since is None and crew is not None and not crew.lost and (was_away or self._kept):
            self._probe(crew)
        elif here.away_since is None:
            self._look_whether_back()
        self._tell_standing()

    def _probe(self, crew: Crew) -> None:
        """The database is back: does this person still have a connection? Then what is unknown is asked again."""
        act = partial(crew.session.ask, still_here)
        self._errand(crew.orders, act, done=self._goes_on, refused=partial(self._is_gone, crew))

    def _goes_on(self, _: object) -> None:
        self._ask_kept_again()

    def _is_gone(self, crew: Crew, refusal: AppError) -> None:
        if isinstance(refusal, SignInAgain):
            self._lose(crew)
        elif isinstance(refusal, DatabaseAway) and crew is self._crew:
            self._probe(crew) if self._here is not None and self._here.away_since is None else self._watch.look_now()

    def _tell_standing(self, _: object = None) -> None:
        if self._here is not None:
            self.database.emit(self._here)

    # between threads --------------------------------------------------------------------------------------------------------------

    def _errand(self, lane: Lane, act: Callable[[], Any], *, done: Heard, refused: Refused | None, owner: QObject | None = None) -> None:
        lane.put(Errand(act=act, done=done, refused=refused or self.refused.emit, owner=owner or owner_of(done)))

    def _hear(self, outcome: Outcome) -> None:
        errand = outcome.errand
        if outcome.defect is not None:
            self.broke.emit(outcome.defect)
            if errand.is_wanted and not self._closed:
                errand.refused(NotDoneByFault())
        elif not errand.is_wanted or self._closed:
            return
        elif outcome.refusal is not None:
            if isinstance(outcome.refusal, DatabaseAway):
                self._watch.look_now()
            errand.refused(outcome.refusal)
        else:
            errand.done(outcome.answer)


def _once_more(session: SignedIn, given: Given) -> Any:
    with given.turn():
        return session.give(given.order, reason=given.reason)


def _stored_answer(session: SignedIn, given: Given) -> Any:
    """What a signed order brought, if it was stored; its signer is asked again only if it was not."""
    found = session.outcome(given.order.command_id)
    if found is None:
        raise NotSignedAfterAll()
    return COMMANDS[type(given.order)].answer.validate_python(found["result"])


__all__ = ["Bridge", "Change", "Given", "NobodySignedIn", "NotSignedAfterAll"]
