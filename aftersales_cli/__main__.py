"""Let ``python -m aftersales_cli`` run the command line."""

from aftersales_cli.cli.main import main

if __name__ == "__main__":
    main()
