// Whatever people write that others read is legible: every text of every body that a row takes.
#include "marketplace/inquiries/report.hpp"
#include "platform/http/route.hpp"
#include "platform/record/json.hpp"
#include "platform/record/read.hpp"
#include "scenario/scenario.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace spaces::test {
namespace {

using record::field;
using record::field_type;

/// Nobody reads these: secrets and tokens, and what a login is typed with.
const std::set<std::string, std::less<>> opaque{"sha256", "password",  "newPassword",   "currentPassword",
                                                "token",  "username",  "refresh_token", "grant_type",
                                                "scope",  "client_id", "client_secret"};

constexpr const char* shows_nothing[] = {"\u200B\u200B\u200B", "\u2060\u2060\u2060", "\u3164\u3164\u3164",
                                         "\u2800\u2800\u2800", "\u00AD\u00AD\u00AD", "\uFE0F\u200D\uFE0F"};
constexpr const char* overrides[] = {"abc\u202Exyz", "\u202Dabc\u202C", "abc\u2067", "\u2066abc", "abc\u2069"};
constexpr const char* unassigned[] = {"abc\u0378", "abc\uFFFF", "abc\uE000", "abc\U0010FFFD"};

/// The code that a text meets in this field; empty for none.
std::string code_for(field f, std::string_view text) {
  // In place of the entity, one member of its type.
  std::string plain;
  std::optional<std::string> nullable;
  std::vector<std::string> several;
  f.member = [](void* member) { return member; };
  const bool list = f.type->type == field_type::texts;
  void* const member = list ? static_cast<void*>(&several) : f.type->nullable ? static_cast<void*>(&nullable) : &plain;
  std::vector<spaces::problem> problems;
  record::scratch store;
  if (list) record::texts_view::append(store.list, text);
  record::accept(f, member, list ? record::value::of(record::texts_view(store.list)) : record::value::of(text), "/x",
                 problems);
  return problems.empty() ? "" : problems.front().code;
}

bool is_text(const field& f) { return f.type->type == field_type::text || f.type->type == field_type::texts; }

void expect_legible(const field& f, std::string_view where) {
  SCOPED_TRACE(std::string(where) + ' ' + std::string(f.name));
  const auto refused = [&](const char* text) { EXPECT_EQ(code_for(f, text), "not-legible") << text; };
  for (const char* text : shows_nothing) refused(text);
  for (const char* text : overrides) refused(text);
  if (!f.rules.lines)
    for (const char* text : unassigned) refused(text);
}

TEST(legible_texts, are_all_that_people_write_for_others) {
  scenario s{"every body"};
  std::set<std::string, std::less<>> seen;
  for (const http::route& row : s.place().routes()) {
    for (const auto& body : {row.doc.body, row.doc.form}) {
      if (!body) continue;
      for (const field& f : body->fields) {
        if (!is_text(f) || !f.has(body->mask)) continue;
        seen.emplace(f.name);
        EXPECT_EQ(f.rules.opaque, opaque.contains(f.name) || (f.name == "email" && row.path.ends_with("/login")))
            << row.path << ": does nobody read '" << f.name << "'?";
        if (!f.rules.opaque) expect_legible(f, row.path);
      }
    }
  }
  for (const char* name : {"title", "description", "address", "city", "features", "message", "response", "reason",
                           "name", "email", "phoneNumber", "password"})
    EXPECT_TRUE(seen.contains(name)) << name;
}

/// What an operator writes is read as well.
TEST(legible_texts, are_an_operators_notes) {
  for (const field& f : inquiries::report::fields())
    if (f.name == "note") expect_legible(f, "report");
}

}  // namespace
}  // namespace spaces::test
