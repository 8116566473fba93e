"""`python -m callframe` is the command line."""

from callframe.cli import main

if __name__ == "__main__":
    main()
