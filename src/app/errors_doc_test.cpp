// docs/ERRORS.md beside what the sources tell and the program serves.
#include <source_dir.hpp>
#include "marketplace/accounts/problems.hpp"
#include "marketplace/images/problems.hpp"
#include "marketplace/inquiries/problems.hpp"
#include "marketplace/properties/problems.hpp"
#include "platform/http/problem.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

namespace spaces::app {
namespace {

/// The first cells of the rows "| `x` | 4xx | …" of docs/ERRORS.md behind a heading.
std::set<std::string> documented(std::string_view heading, const std::regex& row) {
  std::ifstream file(SPACES_SOURCE_DIR "/docs/ERRORS.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t from = text.find("\n## " + std::string(heading));
  EXPECT_NE(from, std::string::npos) << heading;
  if (from == std::string::npos) return {};
  const std::string part = text.substr(from, text.find("\n## ", from + 1) - from);
  std::set<std::string> found;
  for (std::sregex_iterator at(part.begin(), part.end(), row), end; at != end; ++at)
    found.insert(at->size() > 2 ? at->str(1) + ' ' + at->str(2) : at->str(1));
  return found;
}

/// Calls `visit(text)` for each source that is no test and, with `errors` alone, no text of e-mails.
template <class Visit>
void each_source(Visit visit, bool errors = false) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(SPACES_SOURCE_DIR "/src")) {
    const std::string name = entry.path().filename().string();
    const bool source = name.ends_with(".cpp") || name.ends_with(".hpp");
    if (!source || name.ends_with("_test.cpp") || name.starts_with("test_")) continue;
    if (errors && (name == "emails.cpp" || name == "worker_pool.cpp")) continue;  // words of e-mails, lines of the log
    std::ifstream file(entry.path());
    visit(std::string{std::istreambuf_iterator<char>(file), {}});
  }
}

TEST(errors_doc, lists_every_type_with_its_status_and_no_other) {
  std::vector<http::problem_type> of_features(std::begin(accounts::problems::all), std::end(accounts::problems::all));
  of_features.insert(of_features.end(), std::begin(inquiries::problems::all), std::end(inquiries::problems::all));
  of_features.insert(of_features.end(), std::begin(properties::problems::all), std::end(properties::problems::all));
  of_features.insert(of_features.end(), std::begin(images::problems::all), std::end(images::problems::all));
  const auto all = http::served_problems(of_features);
  ASSERT_TRUE(all);
  std::set<std::string> served;
  std::set<std::string> slugs;
  for (const http::served_problem& type : *all) {
    served.insert(std::string(type.slug) + ' ' + std::to_string(type.status));
    slugs.emplace(type.slug);
  }
  EXPECT_EQ(documented("Types", std::regex(R"(\n\| `([a-z-]+)` \| (\d{3}) \|)")), served);
  // A constant that its feature forgot to list would be served without being documented.
  const std::regex constant(R"re(constexpr (?:http::)?problem_type \w+\{\s*"([a-z-]+)")re");
  std::size_t found = 0;
  each_source([&](const std::string& text) {
    for (std::sregex_iterator at(text.begin(), text.end(), constant), end; at != end; ++at, ++found)
      EXPECT_TRUE(slugs.contains(at->str(1))) << at->str(1) << " is not among the types that are wired";
  });
  EXPECT_GE(found, 7u);
}

TEST(errors_doc, lists_every_code_that_the_sources_tell_and_no_other) {
  // A code and the sentence behind it, which begins with one of these words.
  const std::regex code(R"re("([a-z]+(?:-[a-z0-9]+)*)",\s*(?:\.detail = )?)re"
                        R"re((?:"(?:must|is|was|no|control|with|This) |fmt::format|how\.))re");
  std::set<std::string> told;
  each_source(
      [&](const std::string& text) {
        for (std::sregex_iterator at(text.begin(), text.end(), code), end; at != end; ++at) told.insert(at->str(1));
      },
      true);
  EXPECT_GE(told.size(), 18u);
  EXPECT_EQ(documented("Codes", std::regex(R"(\n\| `([a-z0-9-]+)` \|)")), told);
}

}  // namespace
}  // namespace spaces::app
