"""What the arguments of commands may be."""

from tests.ui.screens.models_support import demo_catalogue
from tui.domain.catalogue import Catalogue
from tui.ui.controllers.command_values import model_problem, named_offers


def test_names_that_begin_with_what_is_typed_come_first() -> None:
    found = named_offers(["my code", "Code review", "prose"], "code")
    assert [one.text for one in found] == ["Code review", "my code"]


def test_a_model_that_is_not_listed_is_a_problem_with_the_nearest_one() -> None:
    catalogue = demo_catalogue()
    known = next(iter(catalogue.models))
    assert model_problem(catalogue, known) == ""
    assert f"Did you mean {known}?" in model_problem(catalogue, known[:-1] + "~")


def test_without_a_catalogue_any_model_is_taken() -> None:
    assert model_problem(Catalogue({}), "a/b") == ""
