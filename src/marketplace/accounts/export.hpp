/// What is held about somebody, as that person takes it along: pages of NDJSON lines {"section":…,"item":{…}}, so that
/// an answer's size does not grow with what there is, and the whole of it is had by a loop over `next`.
#pragma once

#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"
#include "platform/record/field.hpp"
#include "platform/table/cursor.hpp"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace spaces::accounts {

/// A page's lines: a tenth of a second's work, well under what Lambda takes as an answer (6 MB). One item that is
/// larger has a page of its own.
inline constexpr std::size_t export_page_bytes = 1024 * 1024;
/// Pages that are made together in one process, of as many people: each has a page and a batch of items in memory.
inline constexpr std::size_t export_pages_max = 4;
/// Who is turned away comes back so much later.
inline constexpr std::chrono::seconds export_retry_after{1};

struct export_query {
  std::optional<std::string> cursor;

  static record::field_span fields();
};

struct export_page {
  std::string lines;
  std::string next_cursor;  ///< empty: this was the last
};

/// One page at a time for a person, and few in all. Thread-safe.
class export_gate {
 public:
  /// While it lives its person's place is taken.
  class place {
   public:
    place(export_gate& gate, const uuid& person) : gate_(&gate), person_(person) {}
    place(place&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)), person_(other.person_) {}
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    ~place();

   private:
    export_gate* gate_;
    uuid person_;
  };

  /// `unavailable`, with when to come again, where the person has a place already or all are taken.
  result<place> enter(const uuid& person);

 private:
  std::mutex mutex_;
  std::set<uuid> inside_;
};

}  // namespace spaces::accounts
