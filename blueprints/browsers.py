"""What a browser is called in a list of signed-in devices."""

from flask import request


def name() -> str:
    """Kind of machine and browser, nothing finer."""
    agent = request.headers.get("User-Agent", "")
    machines = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
                ("Macintosh", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
                ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
    machine = next((name for mark, name in machines if mark in agent), "端末")
    browser = next((name for mark, name in browsers if mark in agent), "ブラウザ")
    return f"{machine}の{browser}"
