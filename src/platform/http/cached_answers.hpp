/// Answers that were made once and still hold: hot reads are not built twice. Tied to the table's
/// version, so that a write by anyone, in this process or another, ends them all.
#pragma once

#include "platform/http/message.hpp"
#include "platform/http/route.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::http {

/// An answer to one target in one coding, ready to send.
struct cached_answer {
  audience who = audience::users;
  uuid but_for;      ///< who is shown another
  std::string etag;  ///< of the identity coding; empty when it has none
  std::shared_ptr<const prepared> whole;
  std::shared_ptr<const prepared> not_modified;  ///< 304, where it has an etag
};

/// Thread-safe, bounded, without allocation when it finds something.
class cached_answers {
 public:
  cached_answers();

  /// The answer made when the table had this version; null when there is none. `table_version` and what is
  /// found belong together: read the version before the answer is made.
  std::shared_ptr<const cached_answer> find(std::string_view target, bool gzip, std::uint64_t table_version);

  /// True from the second time within a short while that a target is asked for at the same version of the table: what
  /// is asked for once, or changes before it is asked for again, is not worth the memory.
  bool worth_keeping(std::string_view target, bool gzip, std::uint64_t table_version);

  /// Makes room by forgetting others, whose turn it is.
  void keep(std::string_view target, bool gzip, std::uint64_t table_version, cached_answer answer);

  /// All that is cached, together, never more.
  static constexpr std::size_t bytes_max = 16 * 1024 * 1024;
  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  /// 4,096 sets of 4 and `bytes_max`: what is read most, within the 64 MiB of heap that
  /// a server may take.
  static constexpr std::size_t sets = 4096;
  static constexpr std::size_t ways = 4;
  static constexpr std::size_t locks = 64;
  static constexpr std::size_t seen_slots = 1 << 16;

  struct slot {
    std::uint64_t hash = 0;
    std::uint64_t table_version = 0;
    bool gzip = false;
    std::string target;
    std::shared_ptr<const cached_answer> answer;
  };

  /// Of a slot's hash, none of 0: those of a set lie in one line of the cache, so that what is not cached, as
  /// most of a large store is not, costs one look there.
  static std::uint32_t mark_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32) | 1U; }
  static std::size_t weight(const slot& held);
  void make_room(std::size_t wanted);

  std::vector<slot> slots_;
  std::vector<std::uint32_t> marks_;  ///< of the slots, 0 of those that are free
  std::array<std::mutex, locks> mutexes_;
  std::atomic<std::size_t> bytes_{0};
  std::vector<std::atomic<std::uint32_t>> seen_;
  std::atomic<std::uint32_t> turn_{0};
  std::atomic<std::size_t> hand_{0};  ///< the set that is emptied next when room is needed
};

}  // namespace spaces::http
