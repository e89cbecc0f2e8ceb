"""Spoilt messages of machines that tell by themselves: a number that is taken stood in the bytes that came, and nothing crashes."""

import json
import random
import re
from decimal import Decimal

import pytest

from app.devices.machines.errors import PayloadUnreadable
from app.devices.machines.payloads import told_by
from app.devices.protocol import SerialLine, families
from app.devices.settings import MQTT, Patience
from app.devices.simulators.telling_sealer import TellingSealer
from tests.devices.fuzz.spoiling import Spoiler
from tests.devices.fuzz.talking import messages_of
from tests.devices.machines.telling_bench import topic

NUMBER = re.compile(rb"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|nan|NAN|-?Infinity")


def spoiler(dice: random.Random, own: list[bytes]) -> Spoiler:
    foreign = [message for family in families() for message in messages_of(family)]
    return Spoiler(dice, own=own, foreign=foreign, line=SerialLine(baud=9600), longest=260)


@pytest.mark.capability("E7")
def test_three_thousand_spoilt_payloads_give_numbers_that_stood_in_them_or_none():
    dice = random.Random(1)
    own = [
        json.dumps(
            {"jaw": {"temperature": dice.randrange(2000) / 10, "list": [1, dice.randrange(99)]}, "ts": dice.randrange(10**12)}
        ).encode()
        for _ in range(20)
    ]
    pointers = [topic("t", "/jaw/temperature"), topic("t", "/jaw/list/1")]
    spoil, taken, refused = spoiler(dice, own), 0, 0
    for n in range(3000):
        sent = spoil.spoilt(spoil.ways[n % len(spoil.ways)])
        try:
            told = told_by(pointers, sent, None)
        except PayloadUnreadable:
            refused += 1
            continue
        said = {Decimal(one.decode()) for one in NUMBER.findall(sent) if one.lstrip(b"+-")[:1].isdigit()}
        for one in told:
            if one.number is not None and one.number.is_finite():
                taken += 1
                assert one.number in said, sent
    assert taken > 100
    assert refused > 1000


@pytest.mark.capability("E7")
def test_packets_spoilt_on_their_way_from_the_broker_never_bring_a_number_that_was_not_told(new_station):
    """Bits fall over and packets are cut; what arrives as a value was a payload of this machine, whole."""
    dice = random.Random(2)
    with TellingSealer(MQTT, seed=7) as sealer:
        broker, sent = sealer.server.broker, []

        def manner(packet: bytes) -> bytes:
            if packet[0] >> 4 != 3 or dice.random() < 0.93:
                return packet
            spoilt = bytearray(packet)
            place = dice.randrange(len(spoilt))
            return bytes(spoilt[:place]) if dice.random() < 0.5 else bytes(spoilt[:place]) + dice.randbytes(1) + bytes(spoilt[place + 1 :])

        broker.manner = lambda packet: sent.append(manner(packet)) or sent[-1]
        station = new_station(patience=Patience(machine_answer_s=1))
        station.hub.start(sealer.device("SL-06", looks_per_s=10))
        ear = station.ear.until(lambda heard: len([s for s in heard.samples_of("temperature_actual") if s.value is not None]) > 10)
        assert station.hub.stop() == []
        assert sealer.server.writes == 0
        wire = b"".join(sent)
    for sample in ear.samples_of("temperature_actual"):
        if sample.value is not None:
            assert re.search(rb'"temperature": ?' + re.escape(f"{sample.value.normalize():f}".encode()), wire), sample
