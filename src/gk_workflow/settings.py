"""What a deployment may set, by environment (GK_...) or by a TOML file; it opens and starts nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from gk_workflow.core.policy import Policy

SETTINGS_FILE = "GK_SETTINGS"
"""The environment variable that names the settings file; else ./gk.toml if it is there."""


class Settings(BaseSettings):
    """Environment first, then the file, then these defaults.

    ``policy`` overrides fields of `Policy` by name; lengths there are 工作日.
    """

    model_config = SettingsConfigDict(env_prefix="GK_", env_nested_delimiter="__", extra="forbid")

    data_dir: Path = Path("gk-data")
    database_url: str | None = None
    deployment: str = "烟台市芝罘区只楚街道办事处"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    log_level: str = "INFO"
    sweep_every_seconds: int = Field(default=3600, ge=1)
    policy: dict[str, Any] = Field(default_factory=dict)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, environment, file: in this order of weight."""
        file = TomlConfigSettingsSource(settings_cls, _settings_file())
        return init_settings, env_settings, file

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of log and projections; SQLite in the data directory by default."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'gk.sqlite').absolute()}"

    @property
    def documents_dir(self) -> Path:
        """Where the bytes of attachments lie, under their digests."""
        return self.data_dir / "documents"

    def office_policy(self) -> Policy:
        """The office's policy; ValueError names the field where an override does not fit."""
        known = {field.name for field in msgspec.structs.fields(Policy)}
        unknown = sorted(set(self.policy) - known)
        if unknown:
            raise ValueError(f"policy: 没有这些规则: {', '.join(unknown)}")
        try:
            return msgspec.convert(self.policy, Policy)
        except msgspec.ValidationError as error:
            raise ValueError(f"policy: {error}") from error


def _settings_file() -> Path | None:
    named = os.environ.get(SETTINGS_FILE)
    if named:
        return Path(named)
    here = Path("gk.toml")
    return here if here.is_file() else None
