/// Writes indented JSON piece by piece, for documents that people read.
#pragma once

#include "platform/record/json.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::http {

class json_builder {
 public:
  json_builder& open_object() { return open('{', '}'); }
  json_builder& open_array() { return open('[', ']'); }
  json_builder& close() {
    const char end = ends_.back();
    ends_.pop_back();
    if (!first_) new_line();
    out_ += end;
    first_ = false;
    return *this;
  }
  json_builder& name(std::string_view text) {
    separate();
    record::append_json_string(out_, text);
    out_ += ": ";
    named_ = true;
    return *this;
  }
  json_builder& text(std::string_view value) {
    separate();
    record::append_json_string(out_, value);
    return *this;
  }
  /// A value that is JSON already.
  json_builder& raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
  }
  json_builder& number(std::int64_t value) { return raw(std::to_string(value)); }
  json_builder& flag(bool value) { return raw(value ? "true" : "false"); }
  std::string take() { return std::move(out_); }

 private:
  json_builder& open(char begin, char end) {
    separate();
    out_ += begin;
    ends_ += end;
    first_ = true;
    return *this;
  }
  void separate() {
    if (named_) {
      named_ = false;
      return;
    }
    if (ends_.empty()) return;
    if (!first_) out_ += ',';
    first_ = false;
    new_line();
  }
  void new_line() {
    out_ += '\n';
    out_.append(ends_.size() * 2, ' ');
  }

  std::string out_;
  std::string ends_;
  bool first_ = true;
  bool named_ = false;
};

}  // namespace spaces::http
