/// What an export holds, over all its pages.
#pragma once

#include "scenario/login.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace spaces::test {

/// The items of one section, as JSON texts in their order. Every page is within its bound, and none is cached.
inline std::vector<std::string> exported(scenario& s, const std::string& token, const std::string& section) {
  const std::string begins = R"({"section":")" + section + R"(","item":)";
  std::vector<std::string> items;
  for (std::string target = "/api/v1/users/me/export"; !target.empty();) {
    const answer page = s.place().send(holding(get(target), s.filled(token)));
    EXPECT_EQ(page.status, 200) << page.body;
    EXPECT_EQ(page.field("Cache-Control"), "no-store");
    EXPECT_EQ(page.field("Content-Type"), "application/x-ndjson");
    EXPECT_LE(page.body.size(), 1024U * 1024U + 1024U);
    std::string_view rest = page.body;
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      if (line.starts_with(begins)) items.emplace_back(line.substr(begins.size(), line.size() - begins.size() - 1));
    }
    const std::string link = page.field("Link");
    target = link.empty() ? "" : link.substr(1, link.find('>') - 1);
  }
  return items;
}

}  // namespace spaces::test
