"""OPC UA servers and MQTT brokers are found at their address, and their words are said nowhere else."""

import socket
from contextlib import suppress
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli import device_find
from app.devices.errors import PortUnavailable
from app.devices.recognition.listened import CONNECT, ask, hello, is_listened, is_opcua, kind_at
from app.devices.recognition.search import recognise
from app.devices.settings import MQTT, OPCUA
from app.devices.simulators.mqtt_broker import MqttBroker
from app.devices.simulators.mqtt_packets import connect_in, split
from app.devices.simulators.mt_sics import MtSicsSimulator
from app.devices.simulators.telling_sealer import TellingSealer


@pytest.mark.capability("E4")
@pytest.mark.parametrize("speaks", [OPCUA, MQTT])
def test_a_machine_that_tells_by_itself_is_found_at_its_address_and_nothing_is_written(speaks, capsys):
    with TellingSealer(speaks) as sealer:
        findings = recognise(sealer.url, stopping=Event())
        assert [(one.key, one.line) for one in findings.fitting] == [(speaks, None)]
        assert device_find.main([sealer.url]) == 0
        assert sealer.server.writes == 0
    assert f"{sealer.url}  {speaks}" in capsys.readouterr().out


def test_a_broker_that_wants_a_password_is_found_all_the_same():
    broker = MqttBroker(users={"a": "b"})
    try:
        assert [one.key for one in recognise(broker.start(), stopping=Event()).fitting] == [MQTT]
    finally:
        broker.stop()


def test_something_else_at_that_address_is_not_taken_for_it():
    with MtSicsSimulator() as scale:
        port = scale.url.rpartition(":")[2]
        for url in (f"opc.tcp://127.0.0.1:{port}", f"mqtt://127.0.0.1:{port}"):
            assert recognise(url, stopping=Event()).fitting == ()


def test_nobody_there_is_said():
    with pytest.raises(PortUnavailable):
        ask("opc.tcp://127.0.0.1:1")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("opc.tcp://h:4850/x", OPCUA),
        ("mqtt://h:1884", MQTT),
        ("mqtts://h:8883", None),
        ("socket://h:4840", OPCUA),
        ("socket://h:1883", MQTT),
        ("socket://h:502", None),
        ("socket://h:4001", None),
        ("/dev/ttyUSB0", None),
        ("rfc2217://h:4840", None),
        ("usb:A6015XNQ", None),
    ],
)
def test_their_words_are_said_only_where_the_address_says_so(url, kind):
    assert kind_at(url) == kind
    assert is_listened(url) == url.startswith(("opc", "mqtt"))


def test_the_words_to_a_broker_are_a_whole_connection_without_a_will_or_a_name():
    (packet,) = split(bytearray(CONNECT))
    said = connect_in(packet.body)
    assert (said.client, said.will, said.user) == ("lineside-find", None, None)
    assert hello("opc.tcp://h:4840/x")[-18:] == b"opc.tcp://h:4840/x"


@given(st.binary(max_size=64))
def test_only_a_whole_answer_proves_a_server(heard):
    assert not is_opcua(heard) or (heard[:4] in (b"ACKF", b"ERRF") and int.from_bytes(heard[4:8], "little") <= len(heard))


def test_a_server_that_takes_the_connection_and_says_nothing_is_not_waited_for_long():
    listener = socket.create_server(("127.0.0.1", 0))
    kept = []

    def accept():
        with suppress(OSError):
            kept.append(listener.accept()[0])

    thread = Thread(target=accept)
    thread.start()
    try:
        assert ask(f"mqtt://127.0.0.1:{listener.getsockname()[1]}") is None
    finally:
        listener.close()
        thread.join()
        for one in kept:
            one.close()
