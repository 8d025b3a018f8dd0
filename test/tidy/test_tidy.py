"""The tree keeps the rules of tidy.py, and each rule sees what it forbids."""

import re
import unittest

import rooms
import tidy


class Tree(unittest.TestCase):
    """One test for each rule, over every file of the project."""

    @classmethod
    def setUpClass(cls):
        cls.files = list(tidy.project_files())

    def hold(self, rule):
        found = [one for path, text in self.files for one in tidy.breaches(rule, path, text)]
        self.assertFalse(found, "\n" + "\n".join(found))

    def test_there_are_files(self):
        self.assertGreater(sum(path.startswith("src/") for path, _ in self.files), 30)


for one_rule in tidy.RULES:
    setattr(Tree, f"test_{one_rule.__name__}", lambda self, rule=one_rule: self.hold(rule))


class Sample(unittest.TestCase):
    def found(self, rule, path, text):
        return tidy.breaches(rule, path, text)

    def refused(self, rule, path, text, line=None, count=1):
        found = self.found(rule, path, text)
        self.assertEqual(len(found), count, found)
        if line:
            self.assertTrue(found[0].startswith(f"{path}:{line}: "), found)

    def accepted(self, rule, path, text):
        self.assertEqual(self.found(rule, path, text), [])


class Arrows(Sample):
    def test_against_the_arrow(self):
        self.refused(tidy.arrows, "src/platform/base/a.hpp", '#pragma once\n#include "platform/record/item.hpp"\n',
                     line=2)
        self.refused(tidy.arrows, "src/platform/table/a.cpp", '#include "platform/table/lmdb/environment.hpp"\n')
        self.refused(tidy.arrows, "src/platform/http/a.cpp", '#include "marketplace/accounts/user.hpp"\n')
        self.refused(tidy.arrows, "src/marketplace/properties/a.cpp", '#include "platform/net/server/server.hpp"\n')
        self.refused(tidy.arrows, "src/marketplace/properties/a.cpp",
                     '#include "platform/table/lmdb/environment.hpp"\n')
        self.refused(tidy.arrows, "src/marketplace/accounts/a.cpp", '#include "marketplace/properties/property.hpp"\n')
        self.refused(tidy.arrows, "src/platform/base/a_test.cpp", '#include "platform/http/message.hpp"\n')
        self.refused(tidy.arrows, "src/platform/net/a.cpp", '  #  include "app/marketplace.hpp"\n')

    def test_along_the_arrow(self):
        self.accepted(tidy.arrows, "src/platform/base/a.cpp", '#include "platform/base/text.hpp"\n#include <vector>\n')
        self.accepted(tidy.arrows, "src/marketplace/properties/a.cpp",
                      '#include "platform/base/text.hpp"\n#include "platform/table/table.hpp"\n')
        self.accepted(tidy.arrows, "src/platform/table/lmdb/a.cpp", '#include "platform/table/table.hpp"\n')
        self.accepted(tidy.arrows, "src/marketplace/inquiries/a.cpp", '#include "marketplace/accounts/user.hpp"\n')
        self.accepted(tidy.arrows, "src/app/a.cpp", '#include "platform/table/lmdb/environment.hpp"\n')

    def test_outside_of_all_rooms(self):
        self.refused(tidy.arrows, "src/kitchen/a.cpp", "")
        self.refused(tidy.arrows, "src/platform/a.cpp", "")
        self.refused(tidy.arrows, "src/platform/base/a.cpp", '#include "text.hpp"\n')
        self.refused(tidy.arrows, "src/platform/base/a.cpp", '#include "../record/item.hpp"\n')

    def test_fenced_headers(self):
        self.refused(tidy.arrows, "src/platform/http/a.cpp", "#include <boost/asio/ip/tcp.hpp>\n")
        self.refused(tidy.arrows, "src/app/a.cpp", "#include <boost/beast/http.hpp>\n")
        self.refused(tidy.arrows, "src/platform/table/a.cpp", "#include <lmdb.h>\n")
        self.refused(tidy.arrows, "src/platform/record/json.hpp", "#include <boost/json/value.hpp>\n")
        self.accepted(tidy.arrows, "src/platform/net/a.cpp", "#include <boost/asio/ip/tcp.hpp>\n")
        self.accepted(tidy.arrows, "src/platform/record/json.cpp", "#include <boost/json/basic_parser_impl.hpp>\n")
        self.accepted(tidy.arrows, "src/platform/http/a.cpp", "#include <boost/json/fwd.hpp>\n")

    def test_the_rooms_have_no_circle(self):
        for room, arrows in rooms.ARROWS.items():
            for other in arrows:
                self.assertNotIn(room, rooms.reachable(other), f"{room} -> {other} -> {room}")

    def test_every_room_is_a_folder(self):
        for room in [*rooms.ARROWS, *rooms.UNBOUND]:
            self.assertTrue((tidy.ROOT / "src" / room).is_dir(), f"rooms.py lists {room}, which is no folder of src/")

    def test_every_arrow_is_used(self):
        used = set()
        for path, text in tidy.project_files():
            if path.startswith("src/") and tidy.is_cpp(path):
                for included in re.findall(r'^#include "([^"]+)"', text, flags=re.MULTILINE):
                    used.add((rooms.room_of(path.removeprefix("src/")), rooms.room_of(included)))
        idle = [f"{room} -> {other}" for room, arrows in rooms.ARROWS.items() for other in arrows
                if (room, other) not in used]
        self.assertEqual(idle, [], "arrows in rooms.py that no #include line uses")

    def test_the_table_of_architecture_says_the_same(self):
        text = (tidy.ROOT / "docs" / "ARCHITECTURE.md").read_text().split("\n## ")[1]
        rows = re.findall(r"^\| `([a-z0-9/]+)` \| [^|]+ \| ([^|]+) \|$", text, flags=re.MULTILINE)
        said = {room: set(re.split(", ", knows)) for room, knows in rows}
        expected = {rooms.short(room): {rooms.short(one) for one in arrows} or {"nothing"}
                    for room, arrows in rooms.ARROWS.items()}
        expected |= {room: {"all"} for room in rooms.UNBOUND}
        self.assertEqual(said, expected)


class Functions(Sample):
    BODY = "  call();\n" * 69  # with the brace before and behind it, 71 lines

    def test_too_long(self):
        for head in ("void f() {", "int room::f(const std::map<int, int>& a) const noexcept {", "TEST(room, does) {",
                     "auto f = [](int a) {", "room::room(int a) : a_(a), b_{a} {", "auto f() -> std::vector<int> {",
                     "template <class T>\n  requires(std::integral<T>)\nvoid f(T a) {", "struct point make(int a) {"):
            text = f"namespace a {{\nclass b {{\n{head}\n{self.BODY}}}\n}};\n}}\n"
            self.refused(tidy.function_length, "src/base/a.cpp", text)

    def test_just_long_enough(self):
        text = "void f() {\n" + "  call();\n" * 68 + "}\n"
        self.accepted(tidy.function_length, "src/base/a.cpp", text + text)

    def test_tables_and_classes_may_be_long(self):
        self.accepted(tidy.function_length, "src/base/a.cpp", "const row rows[] = {\n" + "  {f(1), 2},\n" * 90 + "};\n")
        self.accepted(tidy.function_length, "src/base/a.cpp", "class a {\n" + "  void f();\n" * 90 + "};\n")
        self.accepted(tidy.function_length, "src/base/a.cpp", "struct alignas(64) a {\n" + "  int f;\n" * 90 + "};\n")
        self.accepted(tidy.function_length, "src/base/a.cpp", "namespace a::b {\n" + "void f();\n" * 90 + "}\n")

    def test_braces_that_are_no_code(self):
        text = 'void f() {\n  a("{{{"); // {\n  /* {\n */ b(\'{\'); c(R"x({")x"); d(1\'000);\n}\n' + "int a;\n" * 90
        self.accepted(tidy.function_length, "src/base/a.cpp", text)
        self.assertEqual(tidy.cpp_functions(text), [(1, 5)])

    def test_a_lambda_belongs_to_its_function(self):
        text = "void f() {\n  g([&](int a) {\n    h(a);\n  });\n}\n"
        self.assertEqual(tidy.cpp_functions(text), [(1, 5)])

    def test_python(self):
        self.refused(tidy.function_length, "test/a.py", "def f():\n" + "    pass\n" * 70)
        self.accepted(tidy.function_length, "test/a.py", "def f():\n" + "    pass\n" * 69)

    def test_coroutines(self):
        self.refused(tidy.coroutines, "src/platform/http/a.cpp", "task f() {\n  co_return 1;\n}\n", line=2)
        self.accepted(tidy.coroutines, "src/platform/http/a.cpp", "// co_await stays out\n")
        self.accepted(tidy.coroutines, "src/platform/net/a.cpp", "task f() { co_return 1; }\n")


class Layout(Sample):
    def test_lengths(self):
        self.refused(tidy.file_length, "src/base/a.cpp", "int a;\n" * 501)
        self.refused(tidy.file_length, "scripts/build", "true\n" * 501)
        self.accepted(tidy.file_length, "src/base/a.cpp", "int a;\n" * 500)
        self.accepted(tidy.file_length, "docs/a.md", "text\n" * 501)
        self.refused(tidy.line_length, "src/base/a.cpp", "int a;\n" + "x" * 121 + "\n", line=2)
        self.accepted(tidy.line_length, "src/base/a.cpp", "é" * 120 + "\n")

    def test_white_space(self):
        self.refused(tidy.white_space, "src/base/a.cpp", "\tint a;\n")
        self.refused(tidy.white_space, "docs/a.md", "text \n", line=1)
        self.refused(tidy.white_space, "docs/a.md", "text")
        self.refused(tidy.white_space, "docs/a.md", "text\n\n")
        self.refused(tidy.white_space, "docs/a.md", "a\r\nb\n", line=1)
        self.accepted(tidy.white_space, "Makefile", "all:\n\ttrue\n")
        self.accepted(tidy.white_space, "test/golden/openapi.json", "{}")

    def test_names(self):
        self.refused(tidy.names, "src/utils/a.cpp", "")
        self.refused(tidy.names, "src/base/string_helpers.hpp", "")
        self.refused(tidy.names, "src/platform/table/table_manager.cpp", "")
        self.accepted(tidy.names, "src/platform/secrets/secrets_manager/a.cpp", "")
        self.accepted(tidy.names, "src/base/commonality.cpp", "")

    def test_headers(self):
        self.refused(tidy.front_doors, "src/base/a.hpp", "#pragma once\n")
        self.refused(tidy.front_doors, "src/base/a.hpp", "/// Something.\n")
        self.accepted(tidy.front_doors, "src/base/a.hpp", "/// Something.\n#pragma once\n")

    def test_bounds(self):
        bound = "inline constexpr int a_max = 1;\n"
        self.refused(tidy.bounds, "src/base/limits.hpp", "/// Why.\n" + bound * 3, line=4)
        self.refused(tidy.bounds, "src/base/limits.hpp", "/// Why.\n" + bound + "\n" + bound, line=4)
        self.accepted(tidy.bounds, "src/base/limits.hpp", "/// Why.\n" + bound + "/// Why.\n" + bound * 2)


class PlatformNames(Sample):
    def test_of_the_business(self):
        for line in ("int listing_count;", 'f("No such property");', "enum { buyer };", "void publish(Seller);",
                     'x("GSI PROPERTY#1");', "uuid agent;"):
            self.refused(tidy.platform_names, "src/platform/table/a.cpp", line + "\n")
            self.accepted(tidy.platform_names, "src/marketplace/properties/a.cpp", line + "\n")
        self.refused(tidy.platform_names, "src/platform/http/a_test.cpp", 'f(R"({"userType":"seller"})");\n')
        self.refused(tidy.platform_names, "src/platform/http/a.cpp", 'f("properties");\n')

    def test_of_any_service(self):
        for line in ('f("User-Agent");', "text user_agent;", "/// A page of listings, say.", "int enlisting;",
                     "bool is_proper();"):
            self.accepted(tidy.platform_names, "src/platform/http/a.cpp", line + "\n")
        self.accepted(tidy.platform_names, "src/platform/http/openapi.cpp", 'f("properties");\n')


class GoneWords(Sample):
    def test_names(self):
        for line in ("auto a = asked_lately(b);", "class once_token;", "void enlist();", "auto b = flaw_of_city(c);",
                     "struct families {};", "f(a.letter_asked);", "if (unfit_for_email(a)) return;", "lane::at_once;"):
            self.refused(tidy.gone_words, "src/base/a.cpp", "int a;\n" + line + "\n", line=2)
        for line in ("int letter_of_a_postcode;", "// a family of addresses", 'f("Single Family Residence");',
                     "f(hints.ai_family);", "bool is_stamped;", "// the renewal of a certificate", "int wishlist;"):
            self.accepted(tidy.gone_words, "src/base/a.cpp", line + "\n")
        self.accepted(tidy.gone_words, "test/a.py", "for family in (4, 6):\n")
        self.refused(tidy.gone_words, "docs/a.md", "as `asked_lately` says\n")
        self.refused(tidy.gone_words, "src/base/a.cpp", "// as asked_lately says\n")

    def test_phrases(self):
        for text in ("// It is done at once.", 'f("Whoever has it");', "/// all of it at\n/// once, and more",
                     'f("one\'s "\n  "own");', "/// to who asks"):
            self.refused(tidy.gone_words, "src/base/a.cpp", text + "\n", line=1)
        self.refused(tidy.gone_words, "docs/a.md", "text\nall but\n  for one\n", line=2)
        self.refused(tidy.gone_words, "test/a.py", "# all but for one\n")
        self.accepted(tidy.gone_words, "docs/a.md", "but forever, one owner, at least once\n")


class Waits(Sample):
    def test_sleeping_and_holding_to_be_quick(self):
        for path, line in (("src/base/a_test.cpp", "std::this_thread::sleep_for(5ms);"),
                           ("test/wire/a.hpp", "usleep(5);"), ("src/base/test_a.hpp", "sleep(1);"),
                           ("test/system/test_a.py", "time.sleep(0.1)"),
                           ("test/system/a.py", "await asyncio.sleep(1)"),
                           ("test/system/test_a.py", "assert time.monotonic() - began < 5"),
                           ("src/base/a_test.cpp", "EXPECT_LT(steady_clock::now() - began, 5s);"),
                           ("src/base/a_test.cpp", "ASSERT_LE(took, 5s);")):
            self.refused(tidy.waits, path, "\n" + line + "\n", line=2)

    def test_what_may_wait(self):
        for path, line in (("src/base/a.cpp", "std::this_thread::sleep_for(5ms);"), ("scripts/a.py", "time.sleep(1)"),
                           ("test/system/waiting.py", "time.sleep(1)"), ("src/base/a_test.cpp", "// sleep(1)"),
                           ("src/base/a_test.cpp", "EXPECT_EQ(token.expires, clock.now() + 5s);"),
                           ("test/system/test_a.py", "until(lambda: time.time() > ends)")):
            self.accepted(tidy.waits, path, line + "\n")


class Leftovers(Sample):
    def test_work_left(self):
        for word in ("TODO", "FIXME", "XXX"):
            self.refused(tidy.leftovers, "src/base/a.cpp", f"// {word} later\n")
        self.accepted(tidy.leftovers, "src/base/a.cpp", "int XXXL;\n")

    def test_places(self):
        self.refused(tidy.machine, "docs/a.md", "see /home/ann/notes\n")
        self.refused(tidy.machine, "docs/a.md", "cd /" + "work/main\n")
        self.refused(tidy.machine, "a/package-lock.json", '"resolved": "https://registry.' + 'npmjs.org/a"\n')
        self.refused(tidy.machine, "scripts/a", "curl https://files." + "pythonhosted.org/a\n")
        self.accepted(tidy.machine, "docs/a.md", "GET /api/v1/work/1, $HOME/work/x, ../home/a, /usr/bin/env\n")


if __name__ == "__main__":
    unittest.main()
