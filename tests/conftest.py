"""What every test may use: a store on each database, and no way out to the network."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import settings

from data.store.engine import open_store

# how long an example takes depends on what else the machine does; tests hold what comes out, benchmarks the time
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

DEBIAN_PROGRAMS = Path("/usr/lib/postgresql/15/bin")
MAKING_SECONDS = 400
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104 (compared with, not listened on)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise RuntimeError(f"A test tried to reach {address[0]}: tests use no network")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def no_store_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test must name its store: whatever DATABASE_URL holds outside is not touched."""
    monkeypatch.delenv("DATABASE_URL", raising=False)


MadeOnce = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """``made_once(name, make)`` gives a file that ``make(path)`` makes once for all processes of this run."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def give(name: str, make: Callable[[Path], object]) -> Path:
        path, part = folder / name, folder / f"part-{name}"
        with only_one(folder / f"lock-{name}", path):
            if not path.exists():
                part.unlink(missing_ok=True)
                make(part)
                assert not part.with_name(f"{part.name}-wal").exists(), "somebody still holds the store"
                part.rename(path)
        return path

    return give


@contextmanager
def only_one(lock: Path, made: Path) -> Iterator[None]:
    """Let one process in at a time, and nobody wait for what is made already."""
    until = time.monotonic() + MAKING_SECONDS
    while not made.exists():
        try:
            lock.mkdir()
        except FileExistsError:
            if time.monotonic() > until:
                raise TimeoutError(f"{made.name} was not made within {MAKING_SECONDS} seconds") from None
            time.sleep(0.2)
        else:
            break
    else:
        yield
        return
    try:
        yield
    finally:
        lock.rmdir()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated SQLite file, to be copied for each test."""
    path = tmp_path_factory.mktemp("empty") / "empty.sqlite"
    open_store(f"sqlite:///{path}").dispose()  # whoever closes last writes the log into the file
    return path


@pytest.fixture(scope="session")
def reference_file(made_once: MadeOnce) -> Path:
    """A store with the embedded reference and no return, made once for all tests: to copy, never to write to."""
    from data.answers.current import ensure_current
    from data.intake.preparing import prepare_store

    def make(path: Path) -> None:
        engine = open_store(f"sqlite:///{path}")
        prepare_store(engine, write_returns=lambda _: ())
        ensure_current(engine)
        engine.dispose()

    return made_once("reference.sqlite", make)


@pytest.fixture(scope="session")
def store_with_returns(reference_file: Path, made_once: MadeOnce) -> Callable[[str, Collection[str] | None], Path]:
    """``store_with_returns(name, indicators)``: the reference with illustrative returns, made once: to copy."""
    from data.answers.current import ensure_current
    from data.example import write_returns
    from data.example.documents import write_documents
    from data.example.hubs import write_hubs
    from data.example.registers import write_registers
    from data.intake.loading import load

    def give(name: str, indicators: Collection[str] | None) -> Path:
        def make(path: Path) -> None:
            shutil.copy(reference_file, path)
            engine = open_store(f"sqlite:///{path}")
            with TemporaryDirectory() as folder:
                files = write_returns(Path(folder), indicators=indicators)
                more = (write_hubs, write_registers, write_documents) if indicators is None else ()
                files += [file for write in more for file in write(Path(folder))]
                for file in files:
                    load(file, engine, loaded_by="a test", illustrative=True)
            ensure_current(engine)
            engine.dispose()

        return made_once(f"{name}.sqlite", make)

    return give


@pytest.fixture(scope="session")
def everything_file(store_with_returns: Callable[[str, Collection[str] | None], Path]) -> Path:
    """A store with every illustrative return, as the dashboard ships it: to copy, never to write to."""
    return store_with_returns("everything", None)


@pytest.fixture
def sqlite_store(empty_sqlite: Path, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty store at the newest migration in a SQLite file."""
    path = tmp_path / "store.sqlite"
    shutil.copy(empty_sqlite, path)
    engine = open_store(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def find_program(name: str) -> str | None:
    """Find a PostgreSQL program where Debian keeps it, or on the path."""
    debian = DEBIAN_PROGRAMS / name
    return str(debian) if debian.is_file() else shutil.which(name)


def as_server_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root, so root runs it as nobody."""
    if os.name != "posix" or os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]


def free_port() -> int:
    """Ask the system for a port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_server_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder that the server's user owns and can reach from the top."""
    if os.name != "posix" or os.geteuid() != 0:
        return tmp_path_factory.mktemp("postgres")
    folder = Path("/var/tmp") / f"first1001-postgres-{uuid.uuid4().hex[:8]}"  # noqa: S108 (pytest's own is closed to nobody)
    folder.mkdir(mode=0o700)
    shutil.chown(folder, "nobody", "nogroup")
    return folder


class PostgresServer:
    """A throw-away PostgreSQL on a loopback port, which a test may stop, kill and start again."""

    def __init__(self, folder: Path) -> None:
        initdb, postgres = find_program("initdb"), find_program("postgres")
        if initdb is None or postgres is None:
            pytest.skip("PostgreSQL's programs (initdb, postgres) are not installed")
        self.folder, self.program, self.port = folder, postgres, free_port()
        self.address = f"postgresql://tests@127.0.0.1:{self.port}"
        make = [
            initdb,
            "-D",
            str(folder / "data"),
            "-U",
            "tests",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]
        subprocess.run(as_server_user(make), check=True, capture_output=True, cwd=folder)

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        run = [self.program, "-D", str(self.folder / "data"), "-p", str(self.port), "-k", "", "-h", "127.0.0.1"]
        with (self.folder / "log").open("ab") as log:
            command = as_server_user([*run, "-c", "fsync=off"])
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        wait_until_it_answers(f"{self.address}/postgres", self.process)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: with SIGINT it says farewell to its clients, with SIGQUIT it drops everything at once."""
        self.process.send_signal(how)
        self.process.wait(timeout=30)


def wait_until_it_answers(url: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server takes connections."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    until = time.monotonic() + 30
    while True:
        try:
            with engine.connect():
                return
        except sa.exc.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.1)


@contextmanager
def running_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """Make a server, start it, and take it away in the end."""
    folder = make_server_folder(tmp_path_factory)
    try:
        server = PostgresServer(folder)
        server.start()
        try:
            yield server
        finally:
            if server.process.poll() is None:
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_in() -> Iterator[Callable[[Path], PostgresServer]]:
    """``postgres_in(folder)`` makes a server in a folder of the test's choice, which the server's user must own."""
    running = []

    def start(folder: Path) -> PostgresServer:
        running.append(PostgresServer(folder))
        running[-1].start()
        return running[-1]

    yield start
    for server in running:
        if server.process.poll() is None:
            server.stop(signal.SIGQUIT)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server for all tests, without a database name."""
    with running_postgres(tmp_path_factory) as server:
        yield server.address


@pytest.fixture(scope="module")
def own_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A server of a file's own, which its tests may stop and start."""
    with running_postgres(tmp_path_factory) as server:
        yield server


def run_as_owner(address: str, *statements: str) -> None:
    """Run statements that PostgreSQL allows only outside a transaction."""
    engine = sa.create_engine(f"{address}/postgres", poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """A migrated database, to be copied for each test."""
    run_as_owner(postgres_server, "CREATE DATABASE migrated")
    open_store(f"{postgres_server}/migrated").dispose()
    return postgres_server


@pytest.fixture
def postgres_store(postgres_template: str) -> Iterator[sa.Engine]:
    """An empty store at the newest migration in a PostgreSQL database of its own."""
    name = f"store_{uuid.uuid4().hex[:12]}"
    run_as_owner(postgres_template, f"CREATE DATABASE {name} TEMPLATE migrated")
    engine = open_store(f"{postgres_template}/{name}")
    yield engine
    engine.dispose()
    run_as_owner(postgres_template, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def new_postgres_database(postgres_server: str) -> Iterator[str]:
    """The address of a database without any table."""
    name = f"new_{uuid.uuid4().hex[:12]}"
    run_as_owner(postgres_server, f"CREATE DATABASE {name}")
    yield f"{postgres_server}/{name}"
    run_as_owner(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> sa.Engine:
    """An empty store on each of the two databases."""
    engine: sa.Engine = request.getfixturevalue(f"{request.param}_store")
    return engine


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store that does not exist yet, on each of the two databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'deep' / 'new.sqlite'}"
    address: str = request.getfixturevalue("new_postgres_database")
    return address
