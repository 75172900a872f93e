"""What cases are about, in SQL: the products they name, else those of their order."""


def products_of(chosen: str) -> str:
    """Return a SELECT of (number, sku, title), each product of a case once.

    ``chosen`` is a table expression of cases with the columns number and order_id. A case that names no product
    counts for each line of its order; of an order without lines its title is the product.
    """
    unnamed = f"""{chosen} AS c JOIN orders AS o ON o.id = c.order_id
        WHERE NOT EXISTS (SELECT 1 FROM case_lines AS n WHERE n.case_number = c.number)"""
    lines = "FROM order_lines AS l WHERE l.order_id = o.id"
    return f"""
        SELECT c.number, n.sku, n.title FROM {chosen} AS c JOIN case_lines AS n ON n.case_number = c.number
        UNION
        SELECT u.number, l.sku, l.title FROM (SELECT c.number, o.id FROM {unnamed}) AS u
            JOIN order_lines AS l ON l.order_id = u.id
        UNION
        SELECT c.number, '', o.title FROM {unnamed} AND o.title <> '' AND NOT EXISTS (SELECT 1 {lines})"""
