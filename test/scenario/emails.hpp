/// The e-mails that a scenario's jobs send.
#pragma once

#include "scenario/scenario.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace spaces::test {

/// The e-mails that are waiting, sent.
inline std::vector<std::string> sent(scenario& s) {
  const auto drained = s.place().jobs().drain(std::chrono::steady_clock::now() + std::chrono::seconds(20));
  EXPECT_TRUE(drained && drained->failed == 0 && drained->put_off == 0);
  std::vector<std::string> emails;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(s.place().emails(), none)) {
    std::ifstream file(entry.path());
    emails.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    std::filesystem::remove(entry.path());
    EXPECT_EQ(emails.back().find('{'), std::string::npos) << "a word of a template is left open: " << emails.back();
  }
  return emails;
}

/// A header field's value, as it travels; empty when absent.
inline std::string header(const std::string& email, const std::string& name) {
  const std::size_t end = email.find("\r\n\r\n");
  const std::size_t at = email.find("\r\n" + name + ": ");
  if (at == std::string::npos || at > end) return {};
  const std::size_t from = at + name.size() + 4;
  std::string value = email.substr(from, email.find("\r\n", from) - from);
  for (std::size_t next = from + value.size() + 2; email[next] == ' '; next = email.find("\r\n", next) + 2)
    value += email.substr(next, email.find("\r\n", next) - next);
  return value;
}

}  // namespace spaces::test
