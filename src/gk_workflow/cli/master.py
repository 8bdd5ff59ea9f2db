"""`gk master`: a new master key; it re-wraps the persons' keys and touches no event."""

from __future__ import annotations

from gk_workflow import keys as safe
from gk_workflow.app import open_keys
from gk_workflow.cli.console import DataDir, fail, out, settings_of


def rotate(data_dir: DataDir = None) -> None:
    """Wrap all keys under a new master in the master key's file; then restart the service.

    Copies of the key store and of the master from before still open each other: destroy them.
    """
    settings = settings_of(data_dir)
    if settings.master_key is not None:
        fail("主密钥以 GK_MASTER_KEY 提供，无法就地更换；请先改用 GK_MASTER_KEY_FILE 所指的文件。")
    with open_keys(settings) as keys:
        count = safe.rotate(keys, settings.master_file)
    out.print(f"已更换主密钥并重新包裹 {count} 个密钥；请重新启动服务，并另行备份新的主密钥文件。")
