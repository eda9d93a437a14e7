def receipt(*a, **k) -> list[str]:
    return ["temp"]
