"""Servers that people run on their own machine, with the addresses they usually have."""

from dataclasses import dataclass

from tui.domain.settings import ProviderKind


@dataclass(frozen=True, slots=True)
class ProviderPreset:
    """One kind of server: its name in config.toml, its default port, and how it is told apart.

    ``owner`` is what its list of models says in ``owned_by``; empty where that says nothing.
    """

    name: str
    title: str
    port: int
    help: str
    owner: str = ""
    needs_key: bool = False

    @property
    def base_url(self) -> str:
        """Where the server is found unless it was told otherwise."""
        return f"http://127.0.0.1:{self.port}/v1"

    def values(self, base_url: str | None = None) -> dict[str, object]:
        """The fields of ``[providers.NAME]`` for it."""
        return {"kind": ProviderKind.COMPATIBLE, "base_url": base_url or self.base_url}


PRESETS = (
    ProviderPreset(
        "ollama",
        "Ollama",
        11434,
        "Runs open models; `ollama pull llama3.2` fetches one.",
        owner="library",
    ),
    ProviderPreset(
        "lmstudio",
        "LM Studio",
        1234,
        "Switch its server on in the Developer tab.",
        owner="organization_owner",
    ),
    ProviderPreset(
        "llamacpp",
        "llama.cpp",
        8080,
        "`llama-server -m model.gguf` serves one model.",
        owner="llamacpp",
    ),
    ProviderPreset(
        "vllm", "vLLM", 8000, "`vllm serve MODEL` serves one model, fast.", owner="vllm"
    ),
    ProviderPreset(
        "litellm",
        "LiteLLM",
        4000,
        "A gateway to many providers; its master key is the API key.",
        needs_key=True,
    ),
)


def preset(name: str) -> ProviderPreset | None:
    """The preset with this name."""
    return next((each for each in PRESETS if each.name == name), None)


def preset_of_owner(owner: str) -> ProviderPreset | None:
    """The server that writes this into ``owned_by``."""
    return next((each for each in PRESETS if each.owner and each.owner == owner), None)
