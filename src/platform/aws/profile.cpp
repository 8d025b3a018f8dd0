#include "platform/aws/profile.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace spaces::aws {
namespace {

using sections = std::map<std::string, profile_section, std::less<>>;

constexpr std::string_view blanks = " \t\r";

bool is_blank(char c) { return blanks.find(c) != std::string_view::npos; }

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// A heading's words with one space between them.
std::string heading(std::string_view inside) {
  std::string out;
  while (!(inside = trimmed(inside)).empty()) {
    const std::string_view word = inside.substr(0, inside.find_first_of(blanks));
    if (!out.empty()) out += ' ';
    out += word;
    inside.remove_prefix(word.size());
  }
  return out;
}

/// A comment may stand behind a value, after a space.
std::string_view without_comment(std::string_view value) {
  for (std::size_t i = 1; i < value.size(); ++i)
    if ((value[i] == '#' || value[i] == ';') && is_blank(value[i - 1])) return trimmed(value.substr(0, i));
  return value;
}

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

sections sections_of(const variables& environment, std::string_view variable, std::string_view in_home) {
  std::string path = environment(variable);
  const std::string home = environment("HOME");
  if (path.empty()) {
    if (home.empty()) return {};
    path = home + std::string(in_home);
  } else if (path.starts_with("~/")) {
    path = home + path.substr(1);
  }
  return parse_profiles(file_text(path));
}

}  // namespace

std::string process_variable(std::string_view name) {
  const char* const value = std::getenv(std::string(name).c_str());
  return value == nullptr ? std::string() : std::string(value);
}

sections parse_profiles(std::string_view text) {
  sections found;
  profile_section* section = nullptr;
  std::string parent;  // of nested lines
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view raw = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view line = trimmed(raw);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      const std::size_t close = line.find(']');
      section = close == std::string_view::npos ? nullptr : &found[heading(line.substr(1, close - 1))];
      parent.clear();
      continue;
    }
    const std::size_t equals = line.find('=');
    if (section == nullptr || equals == std::string_view::npos) continue;
    const std::string key(trimmed(line.substr(0, equals)));
    const std::string value(without_comment(trimmed(line.substr(equals + 1))));
    const bool nested = is_blank(raw.front()) && !parent.empty();
    if (!nested) parent = value.empty() ? key : "";
    (*section)[nested ? std::string(parent).append(".").append(key) : key] = value;
  }
  return found;
}

result<profile> profile::read(const variables& environment) {
  const std::string chosen = environment("AWS_PROFILE");
  result<profile> found = read(environment, chosen.empty() ? "default" : chosen);
  if (found || !chosen.empty()) return found;
  profile none;
  none.name_ = "default";
  return none;
}

result<profile> profile::read(const variables& environment, const std::string& name) {
  profile made;
  made.name_ = name;
  const sections credentials = sections_of(environment, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
  const sections config = sections_of(environment, "AWS_CONFIG_FILE", "/.aws/config");
  bool found = false;
  const auto take = [&](const sections& from, const std::string& section) {
    const auto at = from.find(section);
    if (at == from.end()) return;
    found = true;
    for (const auto& [key, value] : at->second) made.values_.emplace(key, value);
  };
  take(credentials, name);
  take(config, "profile " + name);
  if (name == "default") take(config, "default");
  if (!found) {
    return invalid({{"AWS_PROFILE", "unknown",
                     "AWS_PROFILE names the profile \"" + name +
                         "\", which neither the shared credentials file nor the config file has."}});
  }
  if (const auto at = config.find("services " + made.value("services")); at != config.end())
    made.services_ = at->second;
  return made;
}

std::string profile::value(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::string() : found->second;
}

std::string profile::service_endpoint(std::string_view service) const {
  const auto found = services_.find(std::string(service) + ".endpoint_url");
  return found == services_.end() ? std::string() : found->second;
}

}  // namespace spaces::aws
