"""窓口: lending, returns, holds and questions."""
