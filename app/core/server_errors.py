"""What can keep the embedded server from serving. Nobody at the line can put these right, so all are outages."""

from app.base.errors import OutageError


class ServerFolderTaken(OutageError):
    """The data folder holds something that is not ours."""

    code = "server.folder_taken"
    text = "The database was not set up: folder {folder} holds other files, for example {example}."
    next_step = "Choose an empty folder for the data in the settings."


class ServerFolderUnreachable(OutageError):
    """The account that runs the server cannot get into the data folder."""

    code = "server.folder_unreachable"
    text = "The database was not started: the account that runs it cannot write to folder {folder}."
    next_step = "Choose a data folder it can reach in the settings, under root for example /var/lib/lineside."


class ServerProgramsMissing(OutageError):
    """The PostgreSQL programs are not installed with this Python."""

    code = "server.programs_missing"
    text = "The database was not started: the PostgreSQL programs are missing in {folder}."
    next_step = "Install Lineside again with its locked packages."


class ServerVersionDiffers(OutageError):
    """Data of one major version, programs of another."""

    code = "server.version_differs"
    text = "The database was not started: its data were made by PostgreSQL {found}, this program brings {ours}. Nothing was changed."
    next_step = "Dump the data with the programs of PostgreSQL {found}, then load the dump into an empty data folder."


class ServerSecretMissing(OutageError):
    """The cluster is there, the file with its superuser's secret is not."""

    code = "server.secret_missing"
    text = "The database was not started: its data are here, but the file {file} with the administrator's secret is missing or empty."
    next_step = "Put the file back from the backup of this data folder."


class ServerNotSetUp(OutageError):
    """`initdb` ended with trouble; what it made is thrown away at the next try."""

    code = "server.not_set_up"
    text = "The database was not set up in {folder}: {reason}"
    next_step = "Make room or mend what is named here, then start again. Nothing is lost: no data were there."


class ServerDidNotStart(OutageError):
    """`pg_ctl start` ended with trouble."""

    code = "server.did_not_start"
    text = "The database did not start: {reason}"
    next_step = "Mend what is named here, then start again. The server's own words stand in {log}."


class ServerDidNotStop(OutageError):
    """`pg_ctl stop` came back and the server still runs."""

    code = "server.did_not_stop"
    text = "The database still runs although it was asked to stop: {reason}"
    next_step = "End the programs that still use it, then stop it again. Nothing is lost."


class ServerBusy(OutageError):
    """Another program has been starting or stopping this server for too long, or it recovers for too long."""

    code = "server.busy"
    text = "The database in {folder} was not ready after {seconds} s: it is still starting or stopping."
    next_step = "Wait until it has recovered, then start again."
