"""Each setting that lets one process hold a class, shown in force on a real server."""

import asyncio
import gzip
import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.file_util import get_static_dir

from deploy import compression, document
from tools.learner import Learner
from tools.server import COMMAND, ROOT, Server, house_around, running

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
RUNS = 5


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The course, started as `make run` starts it, after one learner has seen the first page."""
    with running() as started:
        asyncio.run(look_at(started))
        yield started


async def look_at(server: Server, *, runs: int = 1) -> None:
    async with Learner(server.url) as learner:
        for _ in range(runs):
            await learner.run()


@pytest.fixture(scope="module")
def diagnosis(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What the server says of itself after a few runs of a page."""
    house = house_around(ROOT / "tests/house/diagnosis.py", tmp_path_factory.mktemp("house"))
    written = house / "diagnosis.json"
    with running(folder=house, environment={"DIAGNOSIS": str(written)}) as started:
        asyncio.run(look_at(started, runs=RUNS))
        log = started.log.read_text()
    assert "starts cold" not in log
    found: dict[str, object] = json.loads(written.read_text(encoding="utf-8"))
    return found


def test_app_started_by_itself_has_one_thread_too(tmp_path: Path) -> None:
    course, diagnosis = (
        (ROOT / file).read_text(encoding="utf-8") for file in ("app.py", "tests/house/diagnosis.py")
    )
    both = tmp_path / "both.py"
    both.write_text(f"{course}\n{diagnosis}", encoding="utf-8")
    house = tmp_path / "house"
    house.mkdir()
    written = house / "diagnosis.json"
    with running(
        (*COMMAND[:-1], "app.py"),
        folder=house_around(both, house),
        environment={"DIAGNOSIS": str(written)},
    ) as started:
        asyncio.run(look_at(started))
    assert json.loads(written.read_text(encoding="utf-8"))["blas_threads"] == 1


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(
        url, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, {k.lower(): v for k, v in answer.headers.items()}, answer.read()


def largest(suffix: str) -> Path:
    """Pick Streamlit's heaviest asset of a kind; for JavaScript that is Plotly."""
    return max(Path(get_static_dir()).rglob(f"*{suffix}"), key=lambda file: file.stat().st_size)


def address(server: Server, file: Path) -> str:
    return f"{server.url}/{file.relative_to(get_static_dir()).as_posix()}"


class TestCompression:
    @pytest.mark.parametrize("suffix", [".js", ".css"])
    def test_assets_arrive_compressed_and_whole(self, server: Server, suffix: str) -> None:
        file = largest(suffix)
        status, headers, body = get(address(server, file), Accept_Encoding="br, gzip")
        assert status == 200
        assert headers["content-encoding"] == "gzip"
        assert headers["vary"] == "Accept-Encoding"
        assert "immutable" in headers["cache-control"]
        assert len(body) < file.stat().st_size / 2
        assert gzip.decompress(body) == file.read_bytes()

    def test_our_own_script_arrives_compressed_and_is_kept(self, server: Server) -> None:
        (script,) = (ROOT / "static").rglob("*.js")
        url = f"{server.url}/app/{script.relative_to(ROOT).as_posix()}"
        _, headers, body = get(url, Accept_Encoding="gzip")
        assert gzip.decompress(body) == script.read_bytes()
        assert "immutable" in headers["cache-control"]
        assert headers["content-type"].startswith("text/javascript")
        plain = get(url)[2]
        assert plain == script.read_bytes()

    @pytest.mark.parametrize("path", ["", "pooling", "data"])
    def test_document_is_prepared_and_asked_for_again(self, server: Server, path: str) -> None:
        _, headers, body = get(
            f"{server.url}/{path}", Accept="text/html,*/*;q=0.8", Accept_Encoding="gzip"
        )
        assert headers["cache-control"] == "no-cache"
        assert gzip.decompress(body) == document.prepared(
            Path(get_static_dir()) / "index.html", path
        )

    @pytest.mark.parametrize("page", ["pooling", *document.PAGES])
    def test_document_names_scripts_that_are_there(self, server: Server, page: str) -> None:
        index = Path(get_static_dir()) / "index.html"
        text = document.prepared(index, page).decode()
        for kind in (*document.KINDS, *document.PAGES.get(page, ((), ""))[0]):
            assert len(re.findall(rf'import "\./static/js/{kind}\.[\w-]+\.js"', text)) == 1
        named = re.findall(r'"\./(static/js/[^"]+)"', text)
        assert len(named) > len(document.KINDS)
        assert [name for name in named if not (index.parent / name).is_file()] == []
        own = re.findall(r'src="\./app/(static/[^"]+)"', text)
        assert len(own) == (page in document.PAGES)
        assert [name for name in own if not (ROOT / name).is_file()] == []

    def test_document_shows_the_page_as_it_was_left_before_anything_else(self) -> None:
        text = document.prepared(Path(get_static_dir()) / "index.html").decode()
        script = (ROOT / "deploy" / "left.js").read_text()
        assert text.count(script) == 1
        assert "</script" not in script
        # in the body, where it can be put, and not a module, which waits for the whole document
        assert text.index("<body>") < text.index(f"<script>{script}")

    @pytest.mark.parametrize("path", ["_stcore/health", "_stcore/host-config"])
    def test_what_is_no_page_is_not_answered_with_it(self, server: Server, path: str) -> None:
        _, headers, _ = get(f"{server.url}/{path}", Accept="text/html", Accept_Encoding="gzip")
        assert not headers["content-type"].startswith("text/html")

    def test_what_the_browser_has_is_not_sent_again(self, server: Server) -> None:
        url = address(server, largest(".js"))
        _, headers, _ = get(url, Accept_Encoding="gzip")
        status, _, body = get(url, Accept_Encoding="gzip", If_None_Match=headers["etag"])
        assert (status, body) == (304, b"")

    @pytest.mark.parametrize("accepted", ["identity", "gzip;q=0", "br"])
    def test_who_cannot_unpack_gets_it_plain(self, server: Server, accepted: str) -> None:
        file = largest(".css")
        _, headers, body = get(address(server, file), Accept_Encoding=accepted)
        assert "content-encoding" not in headers
        assert headers["vary"] == "Accept-Encoding"
        assert body == file.read_bytes()

    def test_ranges_are_left_alone(self, server: Server) -> None:
        file = largest(".css")
        status, headers, body = get(
            address(server, file), Accept_Encoding="gzip", Range="bytes=10-19"
        )
        assert status == 206
        assert "content-encoding" not in headers
        assert body == file.read_bytes()[10:20]

    def test_forty_who_ask_at_once_wait_for_one_compression(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: list[Path] = []
        monkeypatch.setattr(
            compression, "compress", lambda file, _: (made.append(file), (b"small", '"tag"'))[1]
        )
        file = largest(".js")

        async def ask_at_once() -> list[tuple[bytes, str]]:
            server = compression.Compressed(app=compression.Response())
            return await asyncio.gather(*(server.compressed(file) for _ in range(40)))

        assert asyncio.run(ask_at_once()) == [(b"small", '"tag"')] * 40
        assert made == [file]


class TestProcess:
    def test_uvloop_runs_the_server(self, diagnosis: dict[str, object]) -> None:
        assert diagnosis["loop"] == ("asyncio" if sys.platform == "win32" else "uvloop")

    def test_no_full_collection_after_a_run(self, diagnosis: dict[str, object]) -> None:
        # one is ours, before the first visit; with Streamlit's default there is one a run besides
        assert isinstance(diagnosis["full_collections"], int)
        assert diagnosis["full_collections"] < RUNS

    def test_what_was_loaded_at_the_start_is_frozen(self, diagnosis: dict[str, object]) -> None:
        # numpy, scipy, pandas and plotly are some 400,000 objects; a bare server has none frozen
        assert isinstance(diagnosis["frozen"], int)
        assert diagnosis["frozen"] > 100_000

    def test_linear_algebra_has_one_thread(self, diagnosis: dict[str, object]) -> None:
        assert diagnosis["blas_threads"] == 1

    @linux
    def test_no_file_is_watched(self, server: Server, diagnosis: dict[str, object]) -> None:
        handles = [str(handle.readlink()) for handle in Path(f"/proc/{server.pid}/fd").iterdir()]
        assert handles
        assert not [handle for handle in handles if "inotify" in handle]
        assert diagnosis["watcher"] == "none"

    @linux
    def test_statsmodels_is_not_on_the_way_to_a_first_page(self, server: Server) -> None:
        mapped = Path(f"/proc/{server.pid}/maps").read_text()
        assert "/numpy/" in mapped
        assert "/statsmodels/" not in mapped

    def test_warm_up_succeeds(self, server: Server) -> None:
        log = server.log.read_text()
        assert "starts cold" not in log
        assert "did not run" not in log


def test_page_that_fails_shows_our_words_and_logs_the_rest(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise ValueError('column lrt is gone')", encoding="utf-8")
    house = tmp_path / "house"
    house.mkdir()
    with running(folder=house_around(broken, house)) as started:
        with pytest.raises(RuntimeError, match="a mistake of ours"):
            asyncio.run(look_at(started))
        assert "column lrt is gone" in started.log.read_text()


class TestMakefile:
    def test_run_starts_this_server_with_one_thread(self) -> None:
        said = subprocess.run(
            ["make", "--dry-run", "--no-print-directory", "run", "PORT=8600"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert said.splitlines()[-1].endswith("streamlit run serve.py --server.port 8600")
        assert "export OPENBLAS_NUM_THREADS ?= 1" in (ROOT / "Makefile").read_text()
