"""`python -m gk_workflow` is the command `gk`."""

from gk_workflow.cli import main

if __name__ == "__main__":
    main()
