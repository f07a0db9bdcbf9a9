#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes 1,000 scenarios and some requests, the same each time.

    scenarios.py DIR

The scenarios are what a front-end team's might be: most look for a text in what the user said last, some for more. All
share one small vocabulary, so that a request has words of many of them and is taken by one at most. Prints where things
are, and which scenario has to take each request, as one JSON object.
"""

import itertools
import json
import random
import sys
from pathlib import Path

COUNT, FILES = 1000, 10
VERBS = "change cancel check show find order return track explain rename share print move close open book".split()
ADJECTIVES = "new old last next first large small green blue early late weekly monthly broken missing second".split()
NOUNS = ("invoice parcel ticket account password address receipt table report calendar photo contract voucher profile "
         "meeting flight hotel coupon refund basket").split()
PLACES = "Oslo Lima Cairo Kyoto Porto Quito Dakar Perth Turin Bergen".split()
FORMATS = ["openai_chat", "openai_responses", "anthropic_messages", "gemini", "ollama_chat"]
# kind of scenario: how many of a hundred
MIX = {"equals": 30, "contains": 24, "prefix": 10, "folded": 6, "regex": 5, "either": 2, "format": 6, "model": 5,
       "turn": 4, "tool": 3, "header": 2, "history": 3}


def conditions(kind, number, dice, phrase):
    """The `when` of a scenario that looks for `phrase`, such as "order green ticket", or for something like it."""
    verb, adjective, noun = phrase
    thing = f"{verb} the {adjective} {noun}"
    contains = {"contains": thing}
    match kind:
        case "equals": return {"last_user": f"Please {thing} for {dice.choice(PLACES)}"}
        case "contains": return {"last_user": contains}
        case "prefix": return {"last_user": {"prefix": f"{thing.capitalize()} "}}
        case "folded": return {"last_user": {**contains, "ignore_case": True}}
        case "regex": return {"last_user": {"regex": rf"\b{verb} (the|my|our) {adjective} {noun}s? (in|for) [A-Z]\w+"}}
        case "either": return {"last_user": {"regex": rf"{verb} (the|my) {adjective} {noun}\b|{noun} #{number}\b"}}
        case "format": return {"format": dice.choice(FORMATS), "last_user": contains}
        case "model": return {"model": {"prefix": dice.choice(["gpt-", "claude-", "demo-"])}, "last_user": contains}
        case "turn": return {"turn": dice.choice([1, 2, 3, {"from": 4}]), "last_user": contains}
        case "tool": return {"tool": f"{verb}_{noun}_{number}"}
        case "header": return {"header": {"name": "x-test-case", "value": f"case-{number}"}}
        case "history": return {"any_message": {**contains, "role": dice.choice(["user", "system"])}}


def reply(number, dice, phrase):
    text = f"Of course: I will {phrase[0]} it. " * dice.randint(1, 4) + "You asked: {{ prompt }}"
    match dice.randrange(10):
        case 0: return [{"reasoning": f"The user wants case {number}."}, {"text": text}]
        case 1: return [{"tool_call": {"name": f"{phrase[0]}_{phrase[2]}", "arguments": {"number": number}}}]
        case 2: return [{"status": 429, "retry_after": 2}]
        case _: return text


def write_scenarios(folder, phrases, dice):
    folder.mkdir(parents=True, exist_ok=True)
    kinds = [kind for kind, share in MIX.items() for _ in range(share * COUNT // 100)]
    dice.shuffle(kinds)
    kinds[COUNT // 2 - 1] = kinds[COUNT - 1] = "contains"  # those which requests are meant for
    lines = []
    for number, (kind, phrase) in enumerate(zip(kinds, phrases), 1):
        scenario = {"name": f"case-{number}", "when": conditions(kind, number, dice, phrase),
                    "reply": reply(number, dice, phrase)}
        lines.append(f"- {json.dumps(scenario)}\n")  # JSON is YAML
    size = COUNT // FILES
    for index in range(FILES):
        (folder / f"{index}.yaml").write_text("".join(lines[index * size:(index + 1) * size]))


def sentence(phrase, dice):
    return f"I want to {phrase[0]} the {phrase[1]} {phrase[2]} that I have from {dice.choice(PLACES)}."


def write_requests(folder, phrases, spare, dice):
    """Conversations of six messages: one scenario's text stands at the end of the last, or none does."""
    folder.mkdir(parents=True, exist_ok=True)
    history = [{"role": "system", "content": "You are the assistant of a shop. Be short and kind."}]
    for role in ("user", "assistant") * 2:
        history.append({"role": role, "content": " ".join(sentence(next(spare), dice) for _ in range(3))})
    made = []
    for name, number, sentences in (("last", COUNT, 3), ("middle", COUNT // 2, 3), ("none", None, 3), ("long", None, 32)):
        words = [sentence(next(spare), dice) for _ in range(sentences)]
        if number:
            words.append(sentence(phrases[number - 1], dice))
        body = {"model": "demo-large", "stream": True, "messages": [*history, {"role": "user", "content": " ".join(words)}]}
        path = folder / f"{name}.json"
        path.write_text(json.dumps(body))
        made.append({"name": name, "path": str(path), "bytes": len(json.dumps(body)),
                     "scenario": f"case-{number}" if number else None})
    return made


def main():
    folder, dice = Path(sys.argv[1]), random.Random(3)
    every = list(itertools.product(VERBS, ADJECTIVES, NOUNS))
    dice.shuffle(every)
    phrases, spare = every[:COUNT], iter(every[COUNT:])
    write_scenarios(folder / "scenarios", phrases, dice)
    requests = write_requests(folder / "requests", phrases, spare, dice)
    print(json.dumps({"scenarios": str(folder / "scenarios"), "count": COUNT, "requests": requests}))


if __name__ == "__main__":
    main()
