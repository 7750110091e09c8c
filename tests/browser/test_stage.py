"""The stage's controls by pointer, key and touch; what it says, reports and keeps still."""

from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.stage import Bench
from ui.stage.axis import Axis
from ui.stage.handles import Again, Choice, Focus, Place, Player, Slider, Stepper, Toggle
from ui.stage.layout import (
    Column,
    Controls,
    Equation,
    Fraction,
    Frame,
    Matrix,
    Note,
    Readout,
    Table,
)
from ui.stage.marks import (
    Band,
    Boxes,
    Dots,
    Ellipse,
    Handle,
    Label,
    Path,
    Rule,
    Segments,
    Spring,
)
from ui.stage.quantity import control, data, element, exp, normal
from ui.stage.scene import Preset, Stage
from ui.stage.text import Choose, text

HEIGHTS = np.array([-3.0, -1.0, 2.0, 4.0])
NAMES = ["a", "b", "c", "d"]
SQUARE = Axis((-5, 5), [-5, 0, 5], "x")

s, n, f = control("s"), control("n"), control("f")
kept = HEIGHTS * (n / (n + 9 / s**2))
KEPT_AT_START = HEIGHTS * (4 / (4 + 9 / 3**2))


def gallery() -> Stage:
    rows = data([1.0, 2.0, 3.0, 4.0])
    return Stage(
        key="gallery",
        controls=[
            Slider("s", "spread between", 0, 6, 3.0, 0.1, "σ_u", "points", endless=True),
            Focus("f", "group in focus", NAMES, "c", sets={"n": [2, 3, 4, 5]}),
            Stepper("n", "pupils", 1, 9, 4),
            Toggle("t", "with a rule"),
            Choice("k", "view", {"one": "first", "two": "second"}, "one"),
            Again("seed", "Draw again"),
            Player("p", "redraw", 1, 5, 1, seconds=0.05),
        ],
        columns=[
            Column(
                [
                    Frame(
                        [
                            Rule(x=0, role="fixed"),
                            Spring(0, element(kept, f), 4.6, role="between"),
                            Segments(HEIGHTS, rows, kept, rows, of="f"),
                            Dots(HEIGHTS, rows, role="between", of="f"),
                            Dots(kept, rows, role="predicted", of="f"),
                            Label(element(kept, f), element(rows, f), text("σ_u = {s:1}", s=s)),
                            Handle("s", at=0.3, role="between"),
                            Rule(y=2.5, opacity=control("t"), dashed=True),
                        ],
                        SQUARE,
                        Axis((0, 5), [1, 2, 3, 4], "row", names=NAMES),
                        title="means",
                    ),
                    Frame(
                        [
                            Boxes([0, 1], 0, [1, 2], [1.0, 2.0], role="within", hatched=True),
                            Band(data([0.0, 1, 2]), 0, data([1.0, 2, 1]), role="between"),
                            Path(data([0.0, 1, 2]), exp(-s), role="truth", dashed=True),
                            Ellipse(1, 1, 0.1, 0.05, 0.2, role="between"),
                            Dots(normal(control("seed"), 3000), 1, size=0.9),
                        ],
                        Axis((-4, 4), [], ""),
                        Axis((0, 2), [], ""),
                        height=80,
                    ),
                    Controls(["s", "n", "f", "t", "k", "seed", "p"]),
                ],
                width=2,
            ),
            Column(
                [
                    Note("Numbers", heading=True),
                    Equation(
                        [
                            text("û_j = "),
                            Fraction([text("{n:0}", n=n)], [text("{n:0} + 9", n=n)]),
                            Matrix([["1", "0"], ["0", "1"]]),
                        ],
                        text("the weight is {w:2}", w=n / (n + 9)),
                    ),
                    Readout("redraw", text("{p:0}", p=control("p")), "of five"),
                    Readout("seen", text("{v}", v=Choose(control("k"), ["one", "two"]))),
                ]
            ),
        ],
        finding=text("Group **{g}** keeps {e:2}.", g=Choose(f, NAMES), e=element(kept, f)),
        sentence=text("The spread is {s:1} points.", s=s),
        table=Table("Means", [("group", NAMES, ""), ("mean", HEIGHTS, "1"), ("kept", kept, "2")]),
        presets=[Preset("No pooling", {"s": float("inf")})],
    )


@pytest.fixture
def bench(browser):
    opened = Bench(browser)
    yield opened
    opened.close()


@pytest.fixture
def shown(bench):
    bench.show(gallery().drawn)
    return bench


def keys(bench: Bench, name: str, *pressed: str) -> None:
    bench.page.locator(f"[data-focus='{name}']").first.focus()
    for key in pressed:
        bench.page.keyboard.press(key)


def test_it_states_what_python_states(shown):
    stage = gallery()
    start = {c.name: c.start for c in stage.controls}
    said = stage.finding.plain(start)
    assert said == f"Group c keeps {KEPT_AT_START[2]:.2f}."
    shown.says(said)
    label = shown.page.get_attribute(".layer svg", "aria-label")
    assert label == f"{said} {stage.sentence.plain(start)}"


def test_a_handle_moves_by_keys_and_reports_once(shown):
    handle = shown.page.locator("g[role=slider]")
    expect(handle).to_have_attribute("aria-valuetext", "3.0 points")
    keys(shown, "s", "ArrowRight", "ArrowRight", "ArrowRight")
    expect(handle).to_have_attribute("aria-valuenow", "3.3")
    assert shown.reported()["s"] == 3.3
    assert len(shown.said()) == 1
    shown.says(f"keeps {2 * 4 / (4 + 9 / 3.3**2):.2f}")


def test_a_handle_is_dragged_past_the_end_to_infinity(shown):
    box = shown.page.locator("g[role=slider]").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    shown.page.mouse.move(x, y)
    shown.page.mouse.down()
    shown.page.mouse.move(x + 60, y, steps=6)
    shown.page.wait_for_timeout(100)
    assert shown.said() == [], "nothing is reported while it is dragged"
    shown.page.mouse.move(x + 3000, y, steps=3)
    shown.page.mouse.up()
    assert shown.reported()["s"] == "inf"
    assert len(shown.said()) == 1
    shown.says("keeps 2.00")


def test_the_slider_beside_the_picture_is_the_same_control(shown):
    keys(shown, "s", "Home")
    native = shown.page.locator("input[type=range]")
    expect(native).to_have_attribute("aria-valuetext", "0.0 points")
    native.focus()
    shown.page.keyboard.press("End")
    handle = shown.page.locator("g[role=slider]")
    expect(handle).to_have_attribute("aria-valuetext", "infinite")


def test_stepper_switch_choice_and_seed(shown):
    shown.page.get_by_role("button", name="pupils: more").click()
    shown.page.get_by_role("switch", name="with a rule").click()
    shown.page.get_by_text("second").click()
    shown.page.get_by_role("button", name="Draw again").click()
    last = shown.reported()
    assert (last["n"], last["t"], last["k"], last["seed"]) == (5, 1, 1, 2)
    shown.says("seed 2")
    expect(shown.page.locator(".readout output").last).to_have_text("two")
    expect(shown.page.locator("[role=switch]")).to_have_attribute("aria-checked", "true")


def test_the_player_starts_paused_steps_and_pauses(shown):
    readout = shown.page.locator(".readout output").first
    assert readout.inner_text() == "1"
    shown.page.get_by_role("button", name="Step on").click()
    expect(readout).to_have_text("2")
    shown.page.get_by_role("button", name="Step back").click()
    shown.page.get_by_role("button", name="Step back").click()
    expect(readout).to_have_text("5")  # before the first comes the last
    shown.page.get_by_role("button", name="Play").click()
    expect(readout).not_to_have_text("5")
    shown.page.get_by_role("button", name="Pause").click()
    paused = shown.reported()["p"]
    expect(readout).to_have_text(f"{paused:.0f}")
    shown.page.wait_for_timeout(400)
    expect(readout).to_have_text(f"{paused:.0f}")


@pytest.mark.parametrize("whole", [True, False])
def test_only_a_whole_player_has_nothing_between_two_values(bench, whole):
    p = control("p")
    stage = Stage(
        key="steps",
        controls=[Player("p", "redraw", 1, 5, 1, whole=whole)],
        columns=[Column([Controls(["p"]), Readout("redraw", text("{p:3}", p=p))])],
        finding=text("redraw {p:3}", p=p),
        sentence=text(""),
        table=Table("redraw", [("redraw", p, "0")]),
    )
    bench.show(stage.drawn)
    bench.page.evaluate(
        """() => {
          window.seen = new Set();
          const readout = document.querySelector(".readout output");
          const note = () => window.seen.add(readout.textContent);
          new MutationObserver(note).observe(readout, { childList: true, subtree: true });
        }"""
    )
    bench.page.get_by_role("button", name="Step on").click()
    bench.says("redraw 2.000")
    between = set(bench.page.evaluate("[...window.seen]")) - {"", "1.000", "2.000"}
    assert (not between) == whole


def test_a_click_on_a_mark_puts_its_group_in_focus(shown):
    surface = shown.page.locator(".layer svg").first
    box = surface.bounding_box()
    unit = box["width"] / float(surface.get_attribute("viewBox").split()[2])
    frame = {"left": 44, "right": box["width"] / unit - 40, "top": 26, "height": 240}
    x = frame["left"] + (HEIGHTS[0] + 5) / 10 * (frame["right"] - frame["left"])
    y = frame["top"] + frame["height"] * (1 - 1 / 5)
    shown.page.mouse.click(box["x"] + x * unit, box["y"] + y * unit)
    shown.says("Group a keeps")
    expect(shown.page.locator("select")).to_have_value("0")
    assert shown.said()[-1]["f"] == 0


def test_choosing_a_group_moves_what_it_has_a_value_of_its_own_for(shown):
    shown.page.locator("select").select_option("d")
    shown.says(f"Group d keeps {4 * 5 / (5 + 9 / 3**2):.2f}")
    shown.page.get_by_role("button", name="pupils: more").click()
    assert (shown.reported()["f"], shown.reported()["n"]) == (3, 6)


def test_a_preset_and_the_way_back(shown):
    shown.page.get_by_role("button", name="No pooling").click()
    shown.says("keeps 2.00")
    shown.page.get_by_role("button", name="Back to the start").click()
    shown.says(f"keeps {KEPT_AT_START[2]:.2f}")


def test_the_table_follows_the_controls(shown):
    shown.page.get_by_role("button", name="The same as a table").click()
    cells = shown.page.locator("tbody tr").nth(3).locator("th, td")
    expect(cells).to_have_text(["d", "4.0", f"{KEPT_AT_START[3]:.2f}"])
    keys(shown, "s", "Home")
    expect(cells).to_have_text(["d", "4.0", "0.00"])


def test_new_values_from_the_address_move_it_and_the_same_do_not(shown):
    shown.show(gallery().drawn, values={"s": 1.0, "f": 3})
    shown.says(f"Group d keeps {4 * 4 / (4 + 9):.2f}")
    keys(shown, "s", "ArrowRight")
    shown.show(gallery().drawn, values={"s": 1.0, "f": 3}, gap="<p>You said so.</p>")
    shown.says("You said so.")
    shown.says(f"keeps {4 * 4 / (4 + 9 / 1.1**2):.2f}")  # a rerun keeps the handle


def test_thousands_of_points_are_on_the_canvas_and_change_with_the_seed(shown):
    picture = "document.querySelector('canvas').toDataURL()"
    first = shown.page.evaluate(picture)
    shown.page.get_by_role("button", name="Draw again").click()
    shown.page.wait_for_function(f"first => {picture} !== first", arg=first)


def test_a_stage_that_changes_while_it_is_hidden_is_drawn_when_it_comes_back(bench):
    bench.show(asked().drawn)
    root = bench.page.locator(".stage")
    root.evaluate("node => { node.style.display = 'none'; }")
    bench.show(gallery().drawn)
    root.evaluate("node => { node.style.display = ''; }")
    bench.says(f"Group c keeps {KEPT_AT_START[2]:.2f}.")
    expect(bench.page.locator("g[role=slider]")).to_have_count(1)


def test_nothing_glides_where_motion_is_unwelcome(bench):
    bench.page.emulate_media(reduced_motion="reduce")
    bench.show(gallery().drawn)
    bench.page.get_by_role("button", name="No pooling").click()
    bench.page.evaluate("new Promise(requestAnimationFrame)")
    bench.says("keeps 2.00")


def test_it_fits_a_phone(browser):
    bench = Bench(browser, size=(360, 800))
    bench.show(gallery().drawn)
    assert bench.page.evaluate("document.documentElement.scrollWidth") <= 360
    bench.close()


# ---- the open question


def asked() -> Stage:
    frame = Frame(
        [Dots(data([1.0]), 0.0, role="predicted")],
        SQUARE,
        Axis((-1, 1), [], ""),
        asked=[Handle("guess", at=0, role="guess", prompt="Click to place your guess")],
    )
    return Stage(
        key="asked",
        controls=[Place("guess", "your guess", -5, 5, 0.5, "points")],
        columns=[Column([frame, Note("the answer is 1")])],
        finding=text("It is {a:0}.", a=data(1.0)),
        sentence=text("So."),
        table=Table("Answer", [("answer", data([1.0]), "0")]),
        caption="An empty line",
    )


def test_a_guess_is_placed_by_pointer_and_by_keys(bench):
    bench.show(asked().asking, story="<p>Story</p>", question="<h2>Where?</h2>")
    bench.says("Click to place your guess")
    assert "answer" not in bench.text()
    handle = bench.page.locator("g[role=slider]")
    expect(handle).to_have_attribute("aria-valuetext", "none")
    keys(bench, "guess", "ArrowRight")
    assert bench.reported() == {"guess": 0.5}
    box = bench.page.locator("rect.target").bounding_box()
    bench.page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 4)
    assert bench.reported()["guess"] == pytest.approx(2.5, abs=0.5)


@pytest.mark.parametrize("up", [0, 18], ids=["on the empty ring", "on the prompt"])
def test_a_first_click_in_the_middle_places_the_guess_there(bench, up):
    bench.show(asked().asking, story="<p>Story</p>", question="<h2>Where?</h2>")
    box = bench.page.locator("rect.target").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    bench.page.mouse.click(x, y - up)
    assert bench.reported() == {"guess": 0}


def test_a_label_waits_until_its_place_is_known(bench):
    place = control("guess")
    frame = Frame(
        [],
        SQUARE,
        Axis((-1, 1), [], ""),
        asked=[
            Handle("guess", at=0, role="guess"),
            Label(place, 0.5, text("{v:1} points", v=place)),
        ],
    )
    stage = replace(asked(), columns=[Column([frame])])
    bench.show(stage.asking, story="", question="")
    label = bench.page.locator("text.label.hued")
    expect(label).to_be_hidden()
    keys(bench, "guess", "ArrowRight")
    expect(label).to_have_text("0.5 points")
    expect(label).to_be_visible()


def test_nothing_of_the_answer_is_sent_with_the_question():
    stage = asked()
    assert set(stage.asking) == {"mode", "controls", "columns", "caption", "program", "id"}
    marks = [
        m["kind"] for c in stage.asking["columns"] for i in c["items"] for m in i.get("marks", [])
    ]
    assert marks == ["handle"]


def test_a_handle_stands_and_is_dragged_where_a_log_axis_has_its_value(bench):
    ratios = Axis((1, 100), [1, 10, 100], "share, %", log=True)
    bench.show(
        Stage(
            key="ratios",
            controls=[Slider("share", "share", 1, 100, 10, 1, unit="%", format="0")],
            columns=[
                Column([Frame([Handle("share", edge=True)], ratios, Axis((0, 1), [], ""))]),
            ],
            finding=text("{s:0} %", s=control("share")),
            sentence=text(""),
            table=Table("Shares", [("share", data([1.0, 10, 100]), "0")]),
        ).drawn
    )
    handle = bench.page.get_by_role("slider", name="share")
    box = bench.page.locator("svg .rule.heavy").first.bounding_box()
    middle = handle.locator("circle.knot").bounding_box()
    x, y = middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2
    assert x == pytest.approx(box["x"] + box["width"] / 2, abs=1)
    bench.page.mouse.move(x, y)
    bench.page.mouse.down()
    bench.page.mouse.move(box["x"] + 0.75 * box["width"], y, steps=4)
    bench.page.mouse.up()
    # three quarters of the way from 1 to 100 in ratios: 100^0.75, to a step of 1 and a pixel
    assert bench.reported()["share"] == pytest.approx(100**0.75, abs=1)


@pytest.mark.parametrize(("window", "tall"), [(900, 240), (620, 100)])
def test_a_frame_has_its_low_height_in_a_low_window(browser, window, tall):
    bench = Bench(browser, size=(1040, window))
    axis = Axis((0, 1), [], "")
    frame = Frame([Rule(x=0.5)], axis, axis, height=240, low=100)
    stage = Stage("low", [], [Column([frame])], text("one"), text("two"), Table("none", []))
    bench.show(stage.drawn)
    line = bench.page.locator(".stage svg line").first
    expect(line).to_have_attribute("y1", "10")
    expect(line).to_have_attribute("y2", str(10 + tall))
    bench.close()
