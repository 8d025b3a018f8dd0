#!/usr/bin/env python3
"""Rules that a compiler does not check: arrows between rooms, lengths, names, leftovers.

`python3 test/tidy/tidy.py` prints every breach as path:line: sentence and fails when there is one.
Each rule is a function from a path (relative to the project) and a text to (line, sentence) pairs.
"""

import ast
import pathlib
import re
import subprocess
import sys

import rooms

ROOT = pathlib.Path(__file__).resolve().parents[2]

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 500
LINE_LENGTH_MAX = 120

CODE = (".cpp", ".hpp", ".h", ".py", ".js", ".mjs", ".css", ".html", ".cmake", ".sh", "CMakeLists.txt", "Makefile")
# Written by a tool or by somebody else, byte for byte: none of the rules of layout.
FOREIGN = ("LICENSE", "NOTICE", "package-lock.json", "test/golden/", "test/fuzz/seeds/", "test/data/")
# What the rules name, this folder must spell out.
OWN = "test/tidy/"


def is_code(path):
    # A file without a suffix in these folders is a script.
    folder, _, name = path.rpartition("/")
    return path.endswith(CODE) or (folder.split("/")[0] in ("scripts", "bench", "tools", ".ci") and "." not in name)


def is_cpp(path):
    return path.endswith((".cpp", ".hpp"))


def is_foreign(path):
    return any(path.startswith(one) if one.endswith("/") else path.rpartition("/")[2] == one for one in FOREIGN)


# --- C++ without what only looks like code --------------------------------------------------------

NOT_CODE = re.compile(
    r'''//(?:\\\n|[^\n])*'''             # a comment to the end of the line
    r'''|/\*.*?\*/'''                    # a comment
    r'''|\bu?8?[LU]?R"([^()\s\\]{0,16})\(.*?\)\1"'''  # a raw string
    r'''|"(?:\\.|[^"\\\n])*"'''          # a string
    r'''|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+\'''',  # a character; not the quote inside 1'000
    re.DOTALL)


def blank(match):
    text = match.group()
    kept = "\n" * text.count("\n")
    return kept if text.startswith("/") else '""' + kept


def bare_cpp(text):
    """The text with comments and literals emptied and directives removed; line numbers stay."""
    text = NOT_CODE.sub(blank, text)
    return re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda match: "\n" * match.group().count("\n"), text, flags=re.MULTILINE)


def uncommented_cpp(text):
    """The text with its comments emptied; literals and line numbers stay."""
    return NOT_CODE.sub(lambda match: blank(match) if match.group().startswith("/") else match.group(), text)


CONTAINER = re.compile(r'\b(namespace|class|struct|union|enum|extern\s*"")\b')


def opens_function(head):
    """Whether the brace behind `head`, the text since the last ; { or }, opens a function's body."""
    head = re.sub(r"\btemplate\s*<[^{}]*?>\s*(?=[A-Za-z])", "", head).strip()
    if "(" not in head or head.endswith(("=", ",", "(", "return")):
        return False
    # class alignas(64) name {, struct name : base<decltype(x)> {
    return not re.match(r"(?:export\s+)?(?:class|struct|union|enum)\b[^()]*(?:alignas\s*\([^)]*\)[^()]*)?$", head)


# `room::room(int a) : a_(a), b_{a} {`: the first brace initialises, the second opens.
MEMBER_INITIALISER = re.compile(r"\)[^:]*:[^:].*(?<!\bconst)(?<!\bnoexcept)(?<!\btry)[\w>]\s*$", re.DOTALL)


def cpp_functions(text):
    """(first line, last line) of every outermost function body; lambdas belong to what holds them."""
    scopes = []  # of each open brace: the line where a function's body began or None, and the head to go on with
    head, line, found, inside = "", 1, [], 0
    for char in bare_cpp(text):
        if char == "\n":
            line += 1
        if char == "{":
            initialises = not inside and MEMBER_INITIALISER.search(head)
            starts = not inside and not initialises and opens_function(head)
            inside += starts
            scopes.append((line if starts else None, head + "()" if initialises else ""))
            head = ""
        elif char == "}":
            start, head = scopes.pop() if scopes else (None, "")
            if start is not None:
                inside -= 1
                found.append((start, line))
        elif char == ";":
            head = ""
        else:
            head += char
    return found


# --- rules ----------------------------------------------------------------------------------------


def numbered(text):
    return enumerate(text.split("\n"), 1)


def arrows(path, text):
    """Includes follow the arrows of rooms.py."""
    if not (path.startswith("src/") and is_cpp(path)):
        return
    inner = path.removeprefix("src/")
    room = rooms.room_of(inner)
    if room is None:
        yield 1, f"src/{inner} is in no room that test/tidy/rooms.py lists"
        return
    allowed = None if room in rooms.UNBOUND else rooms.reachable(room)
    for number, line in numbered(text):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if not match:
            continue
        quote, target = match.groups()
        yield from ((number, sentence) for sentence in fences(inner, target))
        if quote == '"':
            yield from ((number, sentence) for sentence in one_arrow(path, room, allowed, target))


def one_arrow(path, room, allowed, target):
    if not (ROOT / "src" / target).exists() and "/" in target and path.endswith("_test.cpp"):
        if (ROOT / "test" / target).exists():
            return  # what tests share: test/ is on their include path
    other = rooms.room_of(target)
    if other is None:
        yield f'"{target}" names no room; write it from src/'
    elif allowed is not None and other not in allowed:
        yield f"no arrow from {room} to {other}"


def fences(inner, target):
    if target in rooms.UNFENCED:
        return
    for prefix, place in rooms.FENCED:
        if target.startswith(prefix) and not inner.startswith(place):
            places = [place] if isinstance(place, str) else place
            yield f"<{target}> belongs to {' and '.join('src/' + one for one in places)} alone"


def coroutines(path, text):
    """GCC 12 miscompiles some: they stay in net."""
    if path.startswith("src/") and is_cpp(path) and not path.startswith("src/platform/net/"):
        for number, line in numbered(bare_cpp(text)):
            if re.search(r"\bco_(await|return|yield)\b", line):
                yield number, "coroutines stay in src/platform/net"


def function_length(path, text):
    """A function that grows past this usually holds two ideas."""
    if is_cpp(path):
        spans = cpp_functions(text)
    elif path.endswith(".py"):
        nodes = ast.walk(ast.parse(text))
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        spans = [(one.lineno, one.end_lineno) for one in nodes if isinstance(one, kinds)]
    else:
        return
    for first, last in spans:
        if last - first + 1 > FUNCTION_LINES_MAX:
            yield first, f"a function of {last - first + 1} lines; {FUNCTION_LINES_MAX} are allowed"


def file_length(path, text):
    if is_code(path) and text.count("\n") > FILE_LINES_MAX:
        yield 1, f"{text.count(chr(10))} lines; {FILE_LINES_MAX} are allowed"


def line_length(path, text):
    if is_code(path):
        for number, line in numbered(text):
            if len(line) > LINE_LENGTH_MAX:
                yield number, f"{len(line)} characters; {LINE_LENGTH_MAX} are allowed"


def white_space(path, text):
    for number, line in numbered(text):
        if "\t" in line and not path.endswith("Makefile"):
            yield number, "a tab"
        if line != line.rstrip():
            yield number, "white space at the end"
    if text and not text.endswith("\n"):
        yield text.count("\n") + 1, "no end of line at the end of the file"
    if text.endswith("\n\n"):
        yield text.count("\n"), "empty lines at the end of the file"


REFUSED_NAMES = {"util", "utils", "utility", "utilities", "common", "helper", "helpers", "manager", "managers", "misc"}
# Other people's names for their things, and the word where it says something: passwords that many have.
GIVEN_NAMES = re.compile(r"secrets_manager|common[_-]passwords")


def names(path, text):
    """A name says what a thing is for; these say nothing."""
    for part in path.split("/"):
        for word in re.split(r"[^a-z]+", GIVEN_NAMES.sub("", part.lower())):
            if word in REFUSED_NAMES:
                yield 1, f"the name {part} says nothing: {word}"


def leftovers(path, text):
    """What is left to do goes into the issue's closing note."""
    for number, line in numbered(text):
        match = re.search(r"\b(TODO|FIXME|XXX)\b", line)
        if match and not path.startswith(OWN):
            yield number, f"{match.group()}: do it, or say it where work is planned"


HOSTS = re.compile(r"\b(registry\.(npmjs|yarnpkg)\.\w+|(\w+\.)?pypi\.org|files\.pythonhosted\.org|(\w+\.)?crates\.io"
                   r"|proxy\.golang\.org|sum\.golang\.org|repo\d?\.maven\.(org|apache\.org)|\w+\.debian\.org)\b")
MACHINE_PATH = re.compile(r"(?:^|[^A-Za-z0-9_.\-$}])(/(?:work|root|home|Users)/\w*)")


def machine(path, text):
    """Nothing in the tree knows whose machine it lies on, nor where packages come from."""
    if path.startswith(OWN):
        return
    for number, line in numbered(text):
        if match := HOSTS.search(line):
            yield number, f"a registry's host name: {match.group()}"
        if match := MACHINE_PATH.search(line):
            yield number, f"a path of one machine: {match.group(1)}"


# What only this business knows, in whatever case and as a part of a name; a User-Agent is HTTP's.
BUSINESS = re.compile(
    r"(?<![a-z])(listings?|propert(?:y|ies)|inquir(?:e[sd]?|y|ies|ing)|buyers?|sellers?|agents?|realtors?|brokers?"
    r"|landlords?|tenants?|(?:bed|bath)rooms?|marketplaces?)(?![a-z])", re.IGNORECASE)
USER_AGENT = re.compile(r"user[-_ ]?agent", re.IGNORECASE)
# (where, the word): why it may stand there.
BUSINESS_MAY = {
    ("src/platform/http/openapi.cpp", "properties"),  # JSON Schema's keyword
}


def platform_names(path, text):
    """The platform serves any business: its names and literals know nothing of this one. Comments may, as examples."""
    if not path.startswith("src/platform/") or not is_cpp(path):
        return
    for number, line in numbered(uncommented_cpp(text)):
        for match in BUSINESS.finditer(USER_AGENT.sub("", line)):
            if (path, match.group()) not in BUSINESS_MAY:
                yield number, f"platform names nothing of the marketplace: {match.group()}"

# Words of our own that gave way to the field's (docs/GLOSSARY.md), and what is said instead.
GONE_NAMES = {
    "asked_lately": "recent_inquiries", "asked_about": "inquiry_counts", "closing_asked": "enqueue_closing",
    "letter_asked": "enqueue_email", "asked_letter": "enqueue_email", "trial_letter": "test email",
    "letterhead": "sender", "families": "sessions", "family": "session", "once_token": "one_time_token",
    "enlist": "register", "entrance": "login_result", "entrants": "anonymous", "entering": "login",
    "farewell": "account_deletion", "renewal": "refresh_request", "remembered": "cached", "stamp": "table_version",
    "greet": "prewarm", "teller": "export section or notification", "telling": "export section or notification",
    "refusal": "condition_failure, parse_error or error", "asker": "inquirer", "desk": "account_context",
    "belongings": "user_data", "settlement": "import_merge", "gathering": "text_buffer", "filled_store": "bulk_load",
    "whole_file": "atomic_file", "wish": "options", "wishes": "options", "occasion": "template context",
    "mend": "repair", "dress": "finalize", "pace": "retry policy", "at_once": "inline or immediately",
}
# The same by how they begin.
GONE_PREFIXES = {"flaw_of": "validate", "unfit_for": "validate", "unsafe_in": "validate"}
# In texts too: (what went, what is said instead).
GONE_PHRASES = {
    "at once": "immediately, in one transaction or concurrently", "one's own": "the caller's", "but for": "except",
    "who asks": "the caller or the client", "who asked": "the caller or the client", "whoever": "anyone",
}
# (path, the word): why it may stand there.
GONE_MAY = {}
NAME = re.compile(r"[A-Za-z_]\w*")
# Between the words of a phrase: spaces, or the end of a line and how the next one of a comment or text begins.
PHRASE_GAP = r"(?:[ \t]+|[ \t]*\"?[ \t]*\n[ \t]*(?:///?<?|#|\"|-)?[ \t]*)"
PHRASES = re.compile(r"\b(?:%s)\b" % "|".join(PHRASE_GAP.join(one.split()) for one in GONE_PHRASES), re.IGNORECASE)


def name_instead(name):
    """What is said instead of a name that went; None for any other."""
    return GONE_NAMES.get(name) or next((GONE_PREFIXES[one] for one in GONE_PREFIXES if name.startswith(one)), None)


def gone_words(path, text):
    """One meaning a word, and the field's word where it has one: names in C++, phrases wherever something is said."""
    if path.startswith(OWN):
        return
    # What may be an ordinary word, too, is looked for in code alone.
    bare = bare_cpp(text).split("\n") if is_cpp(path) else []
    for number, line in numbered(text):
        code = NAME.findall(bare[number - 1]) if bare else []
        for name in sorted({one for one in NAME.findall(line) if "_" in one} | set(code)):
            if (instead := name_instead(name)) and (path, name) not in GONE_MAY:
                yield number, f"'{name}' went: {instead}; see docs/GLOSSARY.md"
    for match in PHRASES.finditer(text):
        phrase = re.sub(r"[^\w']+", " ", match.group()).lower()
        if (path, phrase) not in GONE_MAY:
            line = text.count("\n", 0, match.start()) + 1
            yield line, f"'{phrase}' went: {GONE_PHRASES[phrase]}; see docs/GLOSSARY.md"



def bounds(path, text):
    """Every bound has its reason above it; two that belong together (a time and a size) may share one."""
    if not re.search(r"(^|/)limits\.hpp$", path):
        return
    since = 2  # bounds since the last comment
    for number, line in numbered(text):
        if line.strip().startswith("///"):
            since = 0
        elif re.match(r"\s*inline constexpr\b", line):
            since += 1
            if since > 2:
                yield number, "a bound without its reason above it"
        elif not line.strip():
            since = 2


def front_doors(path, text):
    """A header says first what it is for."""
    if path.endswith(".hpp"):
        if not text.startswith("///"):
            yield 1, "a header begins with /// and what it is for"
        if "#pragma once" not in text:
            yield 1, "a header without #pragma once"


# How tests wait, for C++ and for Python: the only places that sleep and look at a clock.
WAITING = {"test/waiting/waiting.hpp", "test/system/waiting.py"}
SLEEP = re.compile(r"\b(?:sleep_for|sleep_until|u?sleep|nanosleep)\s*\(")
# EXPECT_LT(now() - began, 5s), assert time.monotonic() - began < 5
QUICKNESS = re.compile(r"\b(?:EXPECT|ASSERT)_L[TE]\([^;]*(?:\bnow\(\)|\btook\b|\belapsed\b)"
                       r"|\btime\.(?:monotonic|perf_counter)\b")


def is_test(path):
    name = path.rpartition("/")[2]
    return path.startswith("test/") or bool(re.search(r"_test\.[ch]pp$|^test_\w+\.hpp$", name))


def waits(path, text):
    """A test waits for a fact, and holds nothing to being quick: on a busy machine all takes longer."""
    if not is_test(path) or not (is_cpp(path) or path.endswith(".py")) or path in WAITING or path.startswith(OWN):
        return
    for number, line in numbered(bare_cpp(text) if is_cpp(path) else text):
        if match := SLEEP.search(line):
            yield number, f"{match.group()}: a test waits for a fact, as {' and '.join(sorted(WAITING))} have it"
        if QUICKNESS.search(line):
            yield number, "a test holds nothing to being quick; bench/ measures"


RULES = [arrows, coroutines, function_length, file_length, line_length, white_space, names, leftovers, machine, bounds,
         front_doors, platform_names, gone_words, waits]
# The rules that hold for what a tool or somebody else wrote, too.
EVERYWHERE = {names, machine}


def breaches(rule, path, text):
    """The breaches of one rule in one file, as path:line: sentence."""
    if is_foreign(path) and rule not in EVERYWHERE:
        return []
    return [f"{path}:{line}: {sentence}" for line, sentence in rule(path, text)]


def project_files():
    """(path, text) of all that is or may be committed; bytes that are no text are left out."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, check=True).stdout.decode()
    for path in sorted(filter(None, listed.split("\0"))):
        file = ROOT / path
        if file.is_file() and not file.is_symlink():
            try:
                # Not read_text: it would hide carriage returns.
                yield path, file.read_bytes().decode()
            except UnicodeDecodeError:
                continue


def main():
    found = [one for path, text in project_files() for rule in RULES for one in breaches(rule, path, text)]
    print("\n".join(found) if found else "tidy")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
