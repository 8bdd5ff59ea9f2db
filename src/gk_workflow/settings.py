"""What a deployment may set, by environment (GK_...) or by a TOML file; it opens and starts nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from gk_workflow.core.policy import Policy

SETTINGS_FILE = "GK_SETTINGS"
"""The environment variable that names the settings file; else ./gk.toml if it is there."""


def _words(given: object) -> object:
    """``a, b`` as an environment writes a list; a list of the file as it is."""
    if not isinstance(given, str):
        return given
    return tuple(word.strip() for word in given.split(",") if word.strip())


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]


class OidcSettings(BaseModel):
    """The district's 统一身份认证 (OpenID Connect); ``claim`` holds the name of an account."""

    model_config = ConfigDict(extra="forbid")

    issuer: str
    client_id: str
    client_secret: SecretStr
    redirect_uri: str
    claim: str = "preferred_username"


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
    # The key that wraps all keys of personal data: as text, or as a file outside the data's backup.
    master_key: SecretStr | None = None
    master_key_file: Path | None = None
    session_idle_minutes: int = Field(default=30, ge=1, le=1440)
    applicant_idle_minutes: int = Field(default=30, ge=1, le=1440)
    session_absolute_hours: int = Field(default=12, ge=1, le=24 * 7)
    # Beyond loopback either TLS here, or a proxy that does it: the addresses it speaks from.
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    trusted_proxies: Words = ()
    allowed_hosts: Words = ("*",)
    # /metrics without a key for whoever asks from this very machine.
    open_metrics: bool = True
    oidc: OidcSettings | None = None
    # How often one may ask, in the notation of the library `limits`.
    account_limit: str = "3000/10 seconds"
    address_limit: str = "6000/10 seconds"
    what_if_limit: str = "2000/10 seconds"
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

    @property
    def keys_file(self) -> Path:
        """The store of the persons' keys, beside the log and never in it."""
        return self.data_dir / "keys.sqlite"

    @property
    def people_file(self) -> Path:
        """Accounts, sessions and API keys."""
        return self.data_dir / "people.sqlite"

    @property
    def master_file(self) -> Path:
        """Where the master key lies unless it is given as text."""
        return self.master_key_file or self.data_dir / "master.key"

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
