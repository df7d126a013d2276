"""The routing editor against a server on the loopback: what is set there is what is sent."""

from pathlib import Path

from textual.widgets import Input, OptionList, Static

from tests.fakes.server import json_reply
from tests.ui.screens.models_support import rows_of
from tests.ui.screens.money_support import CLAUDE, place
from tests.ui.screens.routing_support import OTHER, THIRD, Editor, edited
from tui.domain.routing import ROUTING_FIELDS
from tui.domain.settings import ProviderKind
from tui.ui.controllers.setup_scope import Scope
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.help import HelpScreen
from tui.ui.screens.routing import RoutingScreen
from tui.ui.screens.routing_value import RoutingValue
from tui.ui.widgets.routing.endpoint_table import EndpointTable
from tui.ui.widgets.scope_choice import ScopeChoice
from tui.ui.widgets.setting_chips import SettingChips

TYPED = {
    "order": "amazon-bedrock, anthropic",
    "only": "anthropic amazon-bedrock mistral",
    "ignore": "azure",
    "quantizations": "unknown, bf16",
    "max_price": "in 4, out 20.5",
    "preferred_min_throughput": "30",
    "preferred_max_latency": "p50 2, p90 9.5",
}
"""What is typed into a field."""
CHOSEN = {
    "allow_fallbacks": 1,
    "sort": 6,
    "data_collection": 2,
    "zdr": 1,
    "require_parameters": 1,
    "enforce_distillable_text": 2,
}
"""How far down the list of its values is what is chosen for a field; "not set" is the first."""
UNSET_BY_KEY = ("order", "allow_fallbacks", "max_price")
"""A list, a choice and a table."""
SENT = {
    "order": ["amazon-bedrock", "anthropic"],
    "only": ["anthropic", "amazon-bedrock", "mistral"],
    "ignore": ["azure"],
    "allow_fallbacks": True,
    "sort": {"by": "throughput", "partition": "none"},
    "quantizations": ["unknown", "bf16"],
    "max_price": {"prompt": 4, "completion": 20.5},
    "data_collection": "deny",
    "zdr": True,
    "require_parameters": True,
    "preferred_min_throughput": 30,
    "preferred_max_latency": {"p50": 2, "p90": 9.5},
    "enforce_distillable_text": False,
}


async def test_each_field_that_is_set_in_the_editor_is_in_the_body_that_is_sent(
    tmp_path: Path,
) -> None:
    assert {*TYPED, *CHOSEN} == {field.name for field in ROUTING_FIELDS}
    async with edited(tmp_path) as editor:
        for field in ROUTING_FIELDS:
            if field.name in TYPED:
                await editor.type_into(field.name, TYPED[field.name])
            else:
                await editor.choose_in(field.name, CHOSEN[field.name])
        assert editor.words("words") == (
            "Tries Amazon Bedrock, then Anthropic, of Anthropic, Amazon Bedrock and Mistral alone; "
            "never Azure; only in unknown or bf16; at most $4 / M in, $20.50 / M out; only where "
            "prompts are not collected; only with zero data retention; only who takes every "
            "parameter; rather at 30 tok/s or more; rather within 2 s, 9.5 s at p90; nobody to "
            "fall back to."
        )
        assert "An order switches sticky routing off." in editor.words("warnings")
        await editor.add_fallback("gpt", OTHER)
        await editor.add_fallback("gemini", THIRD)
        await editor.hand.press("alt+up")
        await editor.here.until(lambda: editor.screen.desk.fallbacks == (THIRD, OTHER))
        await editor.close()

        await editor.here.send("Hello")
        sent = editor.here.bodies[-1]
        assert sent["provider"] == SENT
        assert sent["models"] == [CLAUDE, THIRD, OTHER]

        chips = editor.here.app.screen.query_one(SettingChips)
        assert chips.render().plain.startswith(" first amazon-bedrock, then anth")
        await editor.here.pilot.click(SettingChips, offset=(4, 0))
        await editor.until_open()
        for field in ROUTING_FIELDS:
            if field.name in UNSET_BY_KEY:
                await editor.go_to(field.name)
                await editor.hand.press("delete")
                await editor.here.until(lambda name=field.name: editor.own(name) is None)
            else:
                await editor.screen.desk.set(field.name, None)
        await editor.hand.press("end", "up", "delete")
        await editor.here.until(lambda: editor.screen.desk.fallbacks == (THIRD,))
        await editor.close()
        await editor.here.send("Hello again")
        assert "provider" not in editor.here.bodies[-1]
        assert editor.here.bodies[-1]["models"] == [CLAUDE, THIRD]


async def test_single_keys_on_an_endpoint_say_who_may_serve_and_dim_the_others(
    tmp_path: Path,
) -> None:
    async with edited(tmp_path) as editor:
        table = editor.screen.query_one(EndpointTable)
        assert [row.split()[:2] for row in rows_of(table)[:3]] == [
            ["·", "Anthropic"],
            ["·", "Amazon"],
            ["·", "Azure"],
        ]
        assert "99.87%" in rows_of(table)[0]
        assert editor.words("provider") == "Anthropic · from US · computes in US, DE"
        await editor.hand.press("tab", "down", "down", "n")
        await editor.here.until(lambda: editor.own("ignore") == ["azure"])
        await editor.hand.press("up", "p")
        await editor.here.until(lambda: editor.own("order") == ["amazon-bedrock"])
        await editor.here.until(lambda: "may fall back to Anthropic" in editor.words("words"))
        rows = rows_of(table)
        assert rows[0].startswith("1  Amazon Bedrock")
        assert rows[2].startswith("✗  Azure")
        assert rows[2].endswith("never")
        assert "1 left out" in editor.words("offers")


async def test_a_slug_that_nobody_has_is_refused_with_the_nearest_and_tab_completes_it(
    tmp_path: Path,
) -> None:
    async with edited(tmp_path) as editor:
        await editor.hand.press("enter")
        await editor.until_on(RoutingValue)
        await editor.hand.type("anthropics")
        await editor.hand.press("enter")
        value = editor.here.app.screen
        wrong = value.query_one("#wrong", Static)
        await editor.here.until(lambda: "Did you mean anthropic?" in str(wrong.render()))
        await editor.hand.press("backspace", "backspace", "backspace")
        names = value.query_one(OptionList)
        assert "serves this model" in str(names.get_option_at_index(0).prompt)
        await editor.hand.press("tab")
        assert value.query_one(Input).value == "anthropic, "
        await editor.hand.press("enter")
        await editor.until_on(RoutingScreen)
        await editor.here.until(lambda: editor.own("order") == ["anthropic"])


async def test_the_scopes_go_before_each_other_and_the_conversation_wins(tmp_path: Path) -> None:
    config = f'routing = {{ zdr = true, ignore = ["azure"] }}\n[models."{CLAUDE}"]\n'
    config += 'provider = { ignore = ["mistral"], foo = { bar = [1] } }\n'
    async with edited(tmp_path, config) as editor:
        scopes = editor.screen.query_one(ScopeChoice)
        assert scopes.value is Scope.CONVERSATION, "as for parameters"
        await editor.choose_in("zdr", 2)
        fields = editor.screen.fields
        fields.move_to(len(ROUTING_FIELDS))
        await editor.here.until(lambda: "foo" in editor.words("about"))
        assert editor.words("about").endswith('foo = {"bar": [1]}, for this model')
        assert "sent as it is" in rows_of(fields)[fields.cursor or 0]
        await editor.hand.press("delete", "enter")
        said = {one.message for one in editor.here.app._notifications}
        assert any("sent as it is" in words for words in said)
        await editor.close()
        await editor.here.send("Hello")
        sent = {"ignore": ["mistral"], "zdr": False, "foo": {"bar": [1]}}
        assert editor.here.bodies[-1]["provider"] == sent

        await editor.open()
        await editor.hand.press("s", "s")
        assert editor.screen.desk.scope is Scope.DEFAULT
        await editor.go_to("zdr")
        assert "that goes before on for every model" in editor.words("about")
        await editor.type_into("ignore", ", anthropic")
        assert editor.own("ignore") == ["azure", "anthropic"]
        assert editor.screen.desk.explanation().excluded == (), "the model's own list goes first"


async def test_without_endpoints_it_says_so_and_where_routing_is_unknown_it_does_not_open(
    tmp_path: Path,
) -> None:
    async with place(tmp_path) as here:
        editor = Editor(here)
        here.server.on(f"GET /models/{CLAUDE}/endpoints", json_reply({"data": {"endpoints": []}}))
        await editor.hand.press("f7")
        await editor.until_on(RoutingScreen)
        await here.until(lambda: "names no endpoints" in editor.words("offers"))
        await editor.close()

        await here.configure(
            {
                ("providers", "box", "kind"): ProviderKind.COMPATIBLE,
                ("providers", "box", "base_url"): here.server.base_url,
                ("default", "provider"): "box",
            }
        )
        await editor.hand.press("f7")
        await here.until(
            lambda: any("box serves" in one.message for one in here.app._notifications)
        )
        assert here.app.screen is here.screen


async def test_an_empty_list_goes_before_the_one_of_a_weaker_scope_and_delete_inherits_it(
    tmp_path: Path,
) -> None:
    async with edited(tmp_path, 'routing = { ignore = ["azure"] }\n') as editor:
        await editor.go_to("ignore")
        assert editor.words("about").endswith("azure, for every model")
        await editor.hand.press("enter")
        await editor.until_on(RoutingValue)
        await editor.hand.press("ctrl+u", "enter")
        await editor.here.until(lambda: editor.own("ignore") == [])
        await editor.here.until(lambda: "never" not in editor.words("words"))
        await editor.hand.press("delete")
        await editor.here.until(lambda: editor.own("ignore") is None)
        await editor.here.until(lambda: "never Azure" in editor.words("words"))


async def test_it_closes_when_another_model_is_chosen_meanwhile(tmp_path: Path) -> None:
    async with edited(tmp_path) as editor:
        await editor.hand.press("f1")
        await editor.until_on(HelpScreen)
        editor.here.screen.use_model(OTHER)
        await editor.hand.press("escape")
        await editor.until_on(ChatScreen)
