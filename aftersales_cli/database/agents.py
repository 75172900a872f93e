"""Employees."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, fetch, fetch_one, insert
from aftersales_cli.records.shops import Agent

_COLUMNS = columns(Agent)


def insert_agent(db: Database, *, code: str, name: str, role: str, department: str, created_at: str) -> int:
    """Add an employee and return the id."""
    return insert(
        db,
        "INSERT INTO agents (code, name, role, department, created_at) "
        "VALUES (:code, :name, :role, :department, :created_at)",
        {"code": code, "name": name, "role": role, "department": department, "created_at": created_at},
    )


def find_agent(db: Database, word: str) -> Agent | None:
    """Return the employee with this code or name."""
    return fetch_one(
        db,
        Agent,
        f"SELECT {_COLUMNS} FROM agents WHERE code = :word OR name = :word ORDER BY id",
        {"word": word},
    )


def get_agent(db: Database, agent_id: int) -> Agent | None:
    """Return the employee with this id."""
    return fetch_one(db, Agent, f"SELECT {_COLUMNS} FROM agents WHERE id = :id", {"id": agent_id})


def list_agents(db: Database) -> list[Agent]:
    """Return all employees in the order they came."""
    return fetch(db, Agent, f"SELECT {_COLUMNS} FROM agents ORDER BY id")
