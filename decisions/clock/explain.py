def explain(*a, **k) -> list[str]:
    return ["temp"]
