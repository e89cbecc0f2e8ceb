"""Machines that tell by themselves and office printers in the station's file: what lies beside it comes, changes and goes with it."""

import os
import stat
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from app.core.beside_devices import laid_beside, papers_of, secret_beside
from app.core.devices_here import DevicesHere, PrinterHere, read_devices
from app.core.devices_written import DevicesNotWritten, DeviceTaken, EntryOfOtherForm, add_device, change_device, take_out_device
from app.devices.machines.access import Access, Security, SignIn
from app.devices.machines.map_file import read_tags
from app.devices.settings import DeviceSettings, TagSettings
from app.plant.connecting import HowConnected
from app.plant.device_facts import OnRecord, how_connected, on_record

pytestmark = pytest.mark.capability("E1")
SECRET = "gut-bewacht-7"


def access(folder: Path, security: Security, *, password: str | None = SECRET, certificate: bytes | None = b"trusted") -> Access:
    sign_in = SignIn(user="lineside", password=password) if password is not None else None
    return Access(security=security, certificates=folder / "machines" / "certificates", sign_in=sign_in, certificate=certificate)


def server(folder: Path, *, code: str = "SL-05", url: str = "opc.tcp://10.0.4.30:4840", **how: object) -> DeviceSettings:
    reached = access(folder, Security.BASIC256SHA256, **how)  # type: ignore[arg-type]
    tags = TagSettings(map=read_tags("sealer_opcua", own=None), looks_per_s=10, access=reached)
    return DeviceSettings(code=code, protocol="opcua", url=url, unit=None, tags=tags)


def broker(folder: Path, *, code: str = "SL-06", url: str = "mqtts://broker.plant:8883", **how: object) -> DeviceSettings:
    tags = TagSettings(map=read_tags("sealer_mqtt", own=None), looks_per_s=None, access=access(folder, Security.TLS, **how))  # type: ignore[arg-type]
    return DeviceSettings(code=code, protocol="mqtt", url=url, unit=None, tags=tags)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "devices.toml"


def said(file: Path) -> list[HowConnected]:
    """What is connected, as the record would say it: a map that knows a NaN is equal to no second reading of it."""
    return [how_connected(one) for one in read_devices(file).all]


def beside(file: Path) -> dict[str, bytes]:
    """What lies in the folder “machines”, by its path there."""
    folder = file.parent / "machines"
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_both_are_read_again_as_they_were_connected_and_no_password_stands_in_the_file(file: Path):
    devices = (server(file.parent), broker(file.parent))
    for device in devices:
        add_device(file, device)
    assert said(file) == [how_connected(device) for device in devices]
    assert [one.tags.access for one in read_devices(file).instruments if one.tags] == [one.tags.access for one in devices if one.tags]
    assert SECRET not in file.read_text("utf-8")
    assert "lineside" not in file.read_text("utf-8")
    assert beside(file) == {
        "SL-05.secret": b"lineside\ngut-bewacht-7\n",
        "SL-06.secret": b"lineside\ngut-bewacht-7\n",
        "certificates/SL-05.der": b"trusted",
        "certificates/SL-06.pem": b"trusted",
    }
    for name in beside(file):
        assert stat.S_IMODE((file.parent / "machines" / name).stat().st_mode) == 0o600


def test_to_try_leaves_nothing_behind(file: Path):
    add_device(file, server(file.parent), only_try=True)
    assert not file.exists()
    assert beside(file) == {}
    add_device(file, server(file.parent))
    before = (file.read_bytes(), beside(file))
    change_device(file, server(file.parent, password="another", certificate=b"newer"), only_try=True)
    take_out_device(file, server(file.parent), only_try=True)
    assert (file.read_bytes(), beside(file)) == before


def test_a_new_password_and_a_new_certificate_are_a_change_that_touches_no_line(file: Path):
    add_device(file, server(file.parent))
    written = file.read_text("utf-8").replace('code = "SL-05"', 'code = "SL-05"  # the blue one')
    file.write_text(written, "utf-8")
    change_device(file, server(file.parent, password="neu-bewacht-8", certificate=b"newer"))
    assert file.read_text("utf-8") == written
    assert beside(file) == {"SL-05.secret": b"lineside\nneu-bewacht-8\n", "certificates/SL-05.der": b"newer"}


def test_who_signs_in_no_more_leaves_no_password_and_a_remark_stays(file: Path):
    add_device(file, server(file.parent))
    file.write_text(file.read_text("utf-8").replace("\nlisten", "\n# jaws changed 2026-10\nlisten"), "utf-8")
    anonymous = server(file.parent, password=None)
    change_device(file, anonymous)
    assert said(file) == [how_connected(anonymous)]
    assert "# jaws changed 2026-10" in file.read_text("utf-8")
    assert list(beside(file)) == ["certificates/SL-05.der"]


def test_taken_out_its_password_is_deleted_and_what_people_trusted_stays(file: Path):
    add_device(file, server(file.parent))
    take_out_device(file, server(file.parent))
    assert read_devices(file) == DevicesHere()
    assert list(beside(file)) == ["certificates/SL-05.der"]
    assert '# taken out: protocol = "opcua"' in file.read_text("utf-8")


def test_no_moment_knows_an_entry_without_its_password(file: Path):
    device = server(file.parent)
    with laid_beside(papers_of(file, device), only_try=False) as laid:
        assert "SL-05.secret" in beside(file), "before its entry"
        laid.keep()
    with laid_beside({secret_beside(file, "SL-05"): None}, only_try=False) as laid:
        assert "SL-05.secret" in beside(file), "until its entry is gone"
        laid.keep()
    assert list(beside(file)) == ["certificates/SL-05.der"]


def test_what_could_not_be_written_leaves_the_old_password(file: Path):
    add_device(file, server(file.parent))
    before = (file.read_bytes(), beside(file))
    (file.parent / "devices.toml.new").mkdir()
    for act in (change_device, take_out_device):
        with pytest.raises(DevicesNotWritten):
            act(file, server(file.parent, password="another", url="opc.tcp://10.0.4.31:4840"))
        assert (file.read_bytes(), beside(file)) == before
    (file.parent / "devices.toml.new").rmdir()
    file.write_text(f"devices = [{{{', '.join(file.read_text('utf-8').strip().splitlines()[3:])}}}]\n", "utf-8")
    before = (file.read_bytes(), beside(file))
    with pytest.raises(EntryOfOtherForm):
        change_device(file, server(file.parent, password="another"))
    assert (file.read_bytes(), beside(file)) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_folder_that_takes_no_password_refuses_before_anything_is_on_record(file: Path):
    (file.parent / "machines").mkdir(mode=0o500)
    with pytest.raises(DevicesNotWritten):
        add_device(file, server(file.parent), only_try=True)


def test_where_the_folder_of_machines_should_be_lies_a_file_and_that_is_said(file: Path):
    (file.parent / "machines").write_text("", "utf-8")
    for only_try in (True, False):
        with pytest.raises(DevicesNotWritten):
            add_device(file, server(file.parent, certificate=None), only_try=only_try)
    assert not file.exists()


def test_the_same_machine_is_not_connected_twice_and_two_may_tell_at_one_broker(file: Path):
    own = file.parent / "machines"
    own.mkdir()
    shipped = Path("resources/machines/sealer_mqtt.toml").read_text("utf-8")
    (own / "second_sealer.toml").write_text(shipped.replace("plant/sl-03", "plant/sl-04"), "utf-8")
    first = broker(file.parent)
    assert first.tags is not None
    add_device(file, first)
    with pytest.raises(DeviceTaken):
        add_device(file, broker(file.parent, code="SL-07"))
    second = replace(broker(file.parent, code="SL-07"), tags=replace(first.tags, map=read_tags("second_sealer", own=own)))
    add_device(file, second)
    assert said(file) == [how_connected(replace(first)), how_connected(second)]
    with pytest.raises(DeviceTaken):
        change_device(file, replace(second, tags=first.tags))


def test_an_office_printer_is_written_by_its_name_in_the_system_and_once(file: Path):
    office = PrinterHere(connection=DeviceSettings(code="LP-02", protocol="office", url='system:HP "Büro" \\ 2', unit=None))
    add_device(file, office)
    assert read_devices(file) == DevicesHere(printers=(office,))
    with pytest.raises(DeviceTaken):
        add_device(file, replace(office, connection=replace(office.connection, code="LP-05")))
    other = replace(office, connection=replace(office.connection, url="system:Laser"))
    change_device(file, other)
    assert read_devices(file) == DevicesHere(printers=(other,))
    take_out_device(file, other)
    assert read_devices(file) == DevicesHere()


def test_the_record_names_protection_and_certificate_and_neither_name_nor_password(file: Path):
    how = how_connected(server(file.parent))
    assert how.map == "sealer_opcua"
    assert how.details == f"certificate={sha256(b'trusted').hexdigest()} looks_per_s=10 security=basic256sha256 sign_in=yes"
    assert SECRET not in repr(how)
    assert "lineside" not in repr(how)
    plain = broker(file.parent, password=None, certificate=None)
    assert how_connected(plain).details == "security=tls"
    assert how_connected(broker(file.parent, password="another")) == how_connected(broker(file.parent))


def test_another_certificate_protection_or_map_is_otherwise_on_record(file: Path):
    class Row:
        code = "SL-05"
        how = how_connected(server(file.parent))

    for other in (server(file.parent, certificate=b"newer"), server(file.parent, password=None), server(file.parent, url="opc.tcp://a:1")):
        assert on_record([other], [Row]) == {"SL-05": OnRecord.DIFFERS}  # type: ignore[list-item]
    assert on_record([server(file.parent)], [Row]) == {"SL-05": OnRecord.SAME}  # type: ignore[list-item]
    assert on_record([], [Row]) == {"SL-05": OnRecord.NOT_HERE}  # type: ignore[list-item]
