"""Employees."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, insert
from aftersales_cli.records.shops import Agent

_COLUMNS = columns(Agent)


def insert_agent(
    db: Database, *, code: str, name: str, role: str, department: str, languages: str, created_at: str
) -> int:
    """Add an employee and return the id."""
    return insert(
        db,
        "INSERT INTO agents (code, name, role, department, languages, created_at) "
        "VALUES (:code, :name, :role, :department, :languages, :created_at)",
        {
            "code": code,
            "name": name,
            "role": role,
            "department": department,
            "languages": languages,
            "created_at": created_at,
        },
    )


def update_agent(db: Database, agent: Agent) -> None:
    """Store what an employee is now; code and id never change."""
    execute(
        db,
        "UPDATE agents SET name = :name, role = :role, department = :department, languages = :languages, "
        "active = :active WHERE id = :id",
        vars(agent),
    )


def find_agent(db: Database, word: str) -> Agent | None:
    """Return the employee with this code, else the one with this name, rather one who has not left."""
    return fetch_one(
        db,
        Agent,
        f"SELECT {_COLUMNS} FROM agents WHERE code = :word OR name = :word "
        "ORDER BY code = :word DESC, active DESC, id LIMIT 1",
        {"word": word},
    )


def get_agent(db: Database, agent_id: int) -> Agent | None:
    """Return the employee with this id."""
    return fetch_one(db, Agent, f"SELECT {_COLUMNS} FROM agents WHERE id = :id", {"id": agent_id})


def list_agents(db: Database) -> list[Agent]:
    """Return all employees in the order they came."""
    return fetch(db, Agent, f"SELECT {_COLUMNS} FROM agents ORDER BY id")
