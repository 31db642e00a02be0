"""Makes `.venv` with the locked requirements, and goes on inside it; needs nothing but Python itself.

The packages are verified by the hashes in the lock. They are installed by uv, which takes two seconds where pip takes
fifteen; uv is the machine's, or the locked one, got by pip or, where there is no pip, from the index directly.
"""

import fcntl
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "ziti-lock"
INDEX = "https://pypi.org/simple"
HELP = (
    "The packages could not be installed. Once, the network is needed: PyPI, or the mirror in PIP_INDEX_URL or in "
    "pip's configuration."
)


def ensure(*, dev: bool) -> None:
    """Return inside an environment that holds the locked requirements; `dev` adds what the tests need."""
    if not satisfied(dev):
        install(dev)
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(PYTHON, [str(PYTHON), *sys.argv])


def satisfied(dev: bool) -> bool:
    """Whether the environment was made from the locks as they are now."""
    try:
        found = STAMP.read_text()
    except OSError:
        return False
    return PYTHON.exists() and found in {digest(dev=True), digest(dev=dev)}


def digest(*, dev: bool) -> str:
    """What the stamp says of an environment made from these locks."""
    files = ["requirements.lock", "requirements-dev.lock"] if dev else ["requirements.lock"]
    return " ".join(hashlib.sha256((ROOT / file).read_bytes()).hexdigest() for file in files)


def install(dev: bool) -> None:
    """Make the environment, or mend it; a second one at the same time waits, and then has nothing to do."""
    lock = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        if satisfied(dev):
            return
        begun = time.monotonic()
        make_venv()
        file = ROOT / ("requirements-dev.lock" if dev else "requirements.lock")
        say(f"installing {file.name} into .venv (once)")
        if not (by_uv(file) or by_pip(file)):
            sys.exit(HELP)
        STAMP.write_text(digest(dev=dev))
        say(f"installed after {time.monotonic() - begun:.1f} s")
    finally:
        os.close(lock)


def make_venv() -> None:
    """Make an empty environment of this Python, unless there is one of a Python that is new enough."""
    old: list[str | Path] = [PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    if PYTHON.exists() and run(old, quiet=True):
        return
    say(f"making .venv with Python {platform.python_version()}")
    if not os.access(ROOT, os.W_OK):
        sys.exit(f"{ROOT} is not writable for this user, so .venv cannot be made there.")
    if not run([sys.executable, "-m", "venv", "--without-pip", "--clear", VENV]):
        sys.exit(f"{sys.executable} cannot make virtual environments; install its venv module.")


def by_uv(file: Path) -> bool:
    """Install with uv; False where there is none, or it fails."""
    with tempfile.TemporaryDirectory(prefix="ziti-uv-") as folder:
        uv = shutil.which("uv") or locked_uv(Path(folder))
        if not uv:
            return False
        command: list[str | Path] = [uv, "pip", "install", "--python", PYTHON, "--require-hashes", "-r", file]
        return run(command, env={**uv_settings(), **os.environ})


def by_pip(file: Path) -> bool:
    """Install with pip; False where there is none, or it fails."""
    pip = pip_command()
    return pip is not None and run([*pip, "install", "--retries", "2", "--require-hashes", "-r", file])


def pip_command() -> list[str | Path] | None:
    """A pip that installs into the environment: this Python's, else the one that Python brings along, else none."""
    if has("pip"):
        return [sys.executable, "-m", "pip", "--python", PYTHON, "--disable-pip-version-check"]
    if has("ensurepip") and run([PYTHON, "-m", "ensurepip"], quiet=True):
        return [PYTHON, "-m", "pip", "--disable-pip-version-check"]
    return None


def locked_uv(folder: Path) -> Path | None:
    """The uv of the lock: in the environment, installed there by pip, or unpacked into `folder`; None if all fail."""
    installed = VENV / "bin" / "uv"
    if installed.exists():
        return installed
    lines = re.search(r"^uv==.*(?:\n +--hash.*)+", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    if not lines:
        return None
    if pip := pip_command():
        only_uv = folder / "uv.lock"
        only_uv.write_text(lines[0])
        return installed if run([*pip, "install", "-q", "--retries", "1", "--require-hashes", "-r", only_uv]) else None
    return unpacked_uv(folder, lines[0])


def unpacked_uv(folder: Path, locked: str) -> Path | None:
    """The program out of the wheel that the index offers for this machine, if its hash is in the lock."""
    page = os.environ.get("PIP_INDEX_URL", INDEX).rstrip("/") + "/uv/"
    system = "macosx" if sys.platform == "darwin" else "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    version = locked.split()[0].removeprefix("uv==")
    wheel = re.compile(rf'href="([^"]*/uv-{re.escape(version)}-py3-none-[^"]*{system}[^"]*{platform.machine()}[^"]*)"')
    try:
        listing = urllib.request.urlopen(page, timeout=30).read().decode()
        address = urllib.parse.urljoin(page, wheel.findall(listing)[0])
        content = urllib.request.urlopen(address, timeout=120).read()
    except (OSError, LookupError, ValueError) as error:
        say(f"uv could not be got from {page}: {error}")
        return None
    if hashlib.sha256(content).hexdigest() not in locked:
        sys.exit(f"{address} is not the file that requirements.lock names; nothing was installed.")
    file = folder / "uv.whl"
    file.write_bytes(content)
    with zipfile.ZipFile(file) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".data/scripts/uv"))
        program = Path(archive.extract(name, folder))
    program.chmod(0o755)
    return program


def uv_settings() -> dict[str, str]:
    """What pip is told about indexes and certificates, in uv's words, since uv does not read pip's configuration."""
    pip = {}
    if has("pip"):
        listing = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True)
        for scope, name, value in re.findall(r"^(\S+)\.([a-z-]+)='(.*)'$", listing.stdout, re.MULTILINE):
            if scope in {"global", "install", ":env:"}:
                pip[name] = value
    pip |= {name[4:].lower().replace("_", "-"): value for name, value in os.environ.items() if name.startswith("PIP_")}
    settings = {
        "UV_DEFAULT_INDEX": pip.get("index-url"),
        "UV_INDEX": pip.get("extra-index-url"),
        # Every file is verified by its hash, so it does not matter which index it comes from.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": ",".join(place for place in pip.get("find-links", "").split() if usable(place)),
        "UV_INSECURE_HOST": pip.get("trusted-host"),
        "SSL_CERT_FILE": pip.get("cert"),
        "UV_SYSTEM_CERTS": "1",
        "UV_LINK_MODE": "hardlink" if same_device() else "copy",
    }
    return {name: value for name, value in settings.items() if value}


def usable(place: str) -> bool:
    """Whether a place of pip's find-links is there: pip passes over a folder that is not, uv stops at it."""
    return "://" in place or Path(place).is_dir()


def same_device() -> bool:
    """Whether uv's store lies on the file system of the environment, so that files can be shared."""
    store = Path(os.environ.get("UV_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    there = next(folder for folder in (store, *store.parents) if folder.is_dir())
    return there.stat().st_dev == VENV.stat().st_dev


def run(command: list[str | Path], *, env: dict[str, str] | None = None, quiet: bool = False) -> bool:
    """Whether the command went well; what it says is shown."""
    output = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run([str(part) for part in command], env=env, stdout=output, stderr=output).returncode == 0
    except OSError as error:
        say(str(error))
        return False


def has(module: str) -> bool:
    """Whether this Python has the module; an empty folder of its name does not count."""
    found = importlib.util.find_spec(module)
    return found is not None and found.origin is not None


def say(text: str) -> None:
    """Show one line of what happens."""
    print(f"manage.py: {text}", flush=True)
