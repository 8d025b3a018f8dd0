/// JSON texts (RFC 8259) read from front to back without a tree or an allocation: for answers of services
/// that stand on the way of every request. What clients send goes through parse_json, which also refuses
/// members that come twice.
#pragma once

#include "platform/record/json.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::record {

/// Takes the values of one text in their order. A call that meets another kind of value, or no JSON,
/// fails the reader: from then on every call gives nothing, so that a caller may look once, at the end.
class json_reader {
 public:
  explicit json_reader(std::string_view text) : text_(text) {}

  bool failed() const { return failed_; }
  /// Bytes that are still to come.
  std::size_t left() const { return text_.size() - at_; }
  /// For callers who find that a value says what it must not.
  void fail() { failed_ = true; }
  /// True when nothing failed and nothing but white space follows.
  bool ended();

  /// The kind of the value that comes next, by its first byte; null also where there is none.
  json_kind next();

  /// Calls `visit(std::string_view name)` for each member; it must take the member's value, or skip it.
  /// The name lives as long as the call.
  template <class Visit>
  void object(Visit&& visit) {
    std::string buffer;
    std::string_view name;
    for (bool first = true; next_member(first, name, buffer); first = false) visit(name);
  }

  /// Calls `visit()` for each element; it must take it, or skip it.
  template <class Visit>
  void array(Visit&& visit) {
    for (bool first = true; next_element(first);) {
      first = false;
      visit();
    }
  }

  /// The characters: a view into the text, or into `buffer` where it has escapes.
  std::string_view string(std::string& buffer);
  /// The digits as they stand.
  std::string_view number();
  bool boolean();
  /// Takes the value that comes next, whatever it is.
  void skip();
  /// The same, and gives its text as it stands: to send a value back without reading it.
  std::string_view raw();

 private:
  bool next_member(bool first, std::string_view& name, std::string& buffer);
  bool next_element(bool first);
  /// Opens at `first`, else takes the comma; false behind the last one, with `close` taken.
  bool step(bool first, char open, char close);
  /// The byte that comes next behind white space; NUL at the end, and once failed.
  char peek() {
    const bool plain = !failed_ && at_ < text_.size() && text_[at_] > ' ';
    return plain ? text_[at_] : peek_behind_space();
  }
  char peek_behind_space();
  bool take(char wanted);
  bool take_word(std::string_view word);
  bool unescape(std::string& out);
  std::optional<unsigned> code_point();
  std::optional<unsigned> hex4();

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  bool failed_ = false;
};

}  // namespace spaces::record
