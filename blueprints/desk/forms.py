"""What the forms of the desk share beside their fields."""


def summary(form, problems) -> list[dict]:
    """The lines of an error summary, named as the form names its fields."""
    return [
        {"label": form[name].label.text if name in form else "", "sentence": problem.sentence, "anchor": name}
        for name in problems
        for problem in problems[name]
    ]
