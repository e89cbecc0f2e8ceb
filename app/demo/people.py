"""Who works in the demonstration plant. Names and badges are invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody with one job; everybody's own secret is the same, and says so."""

    login: str
    name_en: str
    name_zh: str
    badge: str
    job: str


SECRET = "lineside demo"
"""Own secret of everybody in the demonstration plant; good for nothing else."""
PRACTICE_SECRET = "lineside practice"
"""Own secret of everybody in the plant for practice, a server of its own; the sign-in there says it. In no other plant is it anybody's."""
FIRST_SECRET = "first day at work"
"""What the administrator hands out; each person replaces it at the first sign-in."""

ADMINISTRATOR = DemoPerson(login="sun.wei", name_en="Sun Wei", name_zh="孙伟", badge="T-0001", job="administrator")
PEOPLE = (
    DemoPerson(login="zhou.min", name_en="Zhou Min", name_zh="周敏", badge="T-0102", job="receiver"),
    DemoPerson(login="li.ming", name_en="Li Ming", name_zh="李明", badge="T-0117", job="inspector"),
    DemoPerson(login="chen.jing", name_en="Chen Jing", name_zh="陈静", badge="T-0124", job="operator"),
    DemoPerson(login="tom.becker", name_en="Tom Becker", name_zh="", badge="T-0231", job="supervisor"),
    DemoPerson(login="wang.haiyan", name_en="Wang Haiyan", name_zh="王海燕", badge="T-0240", job="quality"),
    DemoPerson(login="xu.lan", name_en="Xu Lan", name_zh="许岚", badge="T-0241", job="quality"),
    DemoPerson(login="he.qing", name_en="He Qing", name_zh="何青", badge="T-0252", job="regulatory"),
    DemoPerson(login="zhao.lei", name_en="Zhao Lei", name_zh="赵磊", badge="T-0260", job="engineer"),
    DemoPerson(login="gao.yun", name_en="Gao Yun", name_zh="高云", badge="T-0270", job="planner"),
    DemoPerson(login="ma.lin", name_en="Ma Lin", name_zh="马琳", badge="T-0280", job="auditor"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationSecret:
    """What a workstation keeps in its secret file after enrolment."""

    code: str
    secret: str


STATIONS = (
    ("REC-01", "Goods-in, dock 2", "收货二号口", "receive", "receiving station secret"),
    ("IQC-02", "Incoming inspection", "来料检验", "inspect", "inspection station secret"),
    ("PK-03", "Packing and sealing, line 3", "三号线包装封口", "batches", "packing station secret"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What lets people and stations into one demonstration plant."""

    own: str = field(repr=False)
    """Own secret of everybody."""
    stations: Mapping[str, str] = field(repr=False)
    """Secret by station."""


DEMONSTRATION = Keys(own=SECRET, stations={code: secret for code, _, _, _, secret in STATIONS})
"""Of the plant `make run` opens; everybody may read them here."""
