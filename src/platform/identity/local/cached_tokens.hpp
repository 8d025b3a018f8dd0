/// Tokens that were verified before. Verifying costs 5 µs (HS256) to 40 µs (RS256); finding one here
/// a tenth of a microsecond. Fixed in size, never waits, allocates nothing after it was made.
#pragma once

#include "platform/identity/local/tokens.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace spaces::identity {

/// So many tokens share a place in the table; one more drives out the one that ends first.
inline constexpr std::size_t cached_ways = 4;
/// 2,048 places of four: 8,192 people within half an hour, at most 9 MiB, of which the kernel hands out
/// only the pages that tokens were written to. Who does not fit is verified each time.
inline constexpr std::size_t cached_sets = 2048;
/// For a process that serves one request at a time and starts while somebody waits: 256 people.
inline constexpr std::size_t cached_sets_few = 64;
/// Ours have 350 bytes (HS256) to 870 (RSA of 4096 bits). A longer one is verified each time.
inline constexpr std::size_t cached_token_bytes_max = 1024;
/// A token that is shorter than this is none of ours and is not cached.
inline constexpr std::size_t cached_token_bytes_min = 64;

class cached_tokens {
 public:
  /// `sets` must be a power of two.
  explicit cached_tokens(std::size_t sets = cached_sets);

  /// The person of a cached token that is valid at `now`. All of the token's bytes are compared: one that was
  /// tampered with is never found.
  std::optional<caller> find(std::string_view token, instant now) noexcept;

  /// Names the keys in force. Read it before verifying, and give it to `put`: then a token verified
  /// just before its key went is not cached after.
  std::uint64_t epoch() const noexcept { return epoch_.load(std::memory_order_acquire); }
  void put(std::string_view token, const access_token& said, std::uint64_t verified_in) noexcept;

  /// Forgets the tokens of one session: it ended. Looks at all places; waits for those that are busy.
  void forget(const uuid& session) noexcept;

  /// Forgets every token: a key went.
  void forget() noexcept { epoch_.fetch_add(1, std::memory_order_acq_rel); }

 private:
  struct entry {
    std::uint64_t hash = 0;
    std::uint64_t epoch = 0;  // 0: empty
    std::size_t size = 0;
    instant valid_from;
    instant expires_at;
    caller who;
  };
  /// Who finds a set busy goes without it: verifying takes microseconds, waiting for a thread that
  /// the kernel has put aside takes milliseconds.
  struct alignas(64) set {
    std::atomic_flag busy;
    std::array<entry, cached_ways> entries;
  };
  class hold;

  std::uint64_t hash_of(std::string_view token) const noexcept;
  char* text_of(std::size_t set_number, std::size_t way) noexcept;

  std::array<std::uint64_t, 2> hash_key_{};
  std::size_t set_mask_;
  std::atomic<std::uint64_t> epoch_{1};
  std::unique_ptr<set[]> sets_;
  std::unique_ptr<char[]> texts_;  // the tokens' bytes, `cached_token_bytes_max` each
};

}  // namespace spaces::identity
