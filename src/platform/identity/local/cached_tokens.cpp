#include "platform/identity/local/cached_tokens.hpp"

#include "platform/base/digest.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <thread>

namespace spaces::identity {

namespace {

/// SipHash-1-3 (Aumasson and Bernstein): nobody who lacks the key can aim at a place in the table.
class sip_hash {
 public:
  explicit sip_hash(const std::array<std::uint64_t, 2>& key)
      : v0_(key[0] ^ 0x736f6d6570736575u),
        v1_(key[1] ^ 0x646f72616e646f6du),
        v2_(key[0] ^ 0x6c7967656e657261u),
        v3_(key[1] ^ 0x7465646279746573u) {}

  void take(std::uint64_t word) {
    v3_ ^= word;
    round();
    v0_ ^= word;
  }

  std::uint64_t finish() {
    v2_ ^= 0xFF;
    for (int count = 0; count < 3; ++count) round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

 private:
  void round() {
    v0_ += v1_;
    v1_ = std::rotl(v1_, 13) ^ v0_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v3_;
    v3_ = std::rotl(v3_, 16) ^ v2_;
    v0_ += v3_;
    v3_ = std::rotl(v3_, 21) ^ v0_;
    v2_ += v1_;
    v1_ = std::rotl(v1_, 17) ^ v2_;
    v2_ = std::rotl(v2_, 32);
  }

  std::uint64_t v0_, v1_, v2_, v3_;
};

bool may_be_cached(std::string_view token) {
  return token.size() >= cached_token_bytes_min && token.size() <= cached_token_bytes_max;
}

}  // namespace

/// Holds a set for as long as it lives, if nobody else does.
class cached_tokens::hold {
 public:
  explicit hold(set& wanted) noexcept : set_(wanted.busy.test_and_set(std::memory_order_acquire) ? nullptr : &wanted) {}
  hold(const hold&) = delete;
  hold& operator=(const hold&) = delete;
  ~hold() {
    if (set_ != nullptr) set_->busy.clear(std::memory_order_release);
  }
  explicit operator bool() const noexcept { return set_ != nullptr; }

 private:
  set* set_;
};

cached_tokens::cached_tokens(std::size_t sets)
    : set_mask_(sets - 1),
      sets_(std::make_unique<set[]>(sets)),
      texts_(std::make_unique_for_overwrite<char[]>(sets * cached_ways * cached_token_bytes_max)) {
  assert(std::has_single_bit(sets));
  std::array<std::uint8_t, sizeof hash_key_> random{};
  fill_random(random);
  std::memcpy(hash_key_.data(), random.data(), random.size());
}

/// The end of a token is its signature, which differs wherever tokens differ: hashing the last 64
/// bytes and the length is enough to spread them. What decides is the comparison of all bytes.
std::uint64_t cached_tokens::hash_of(std::string_view token) const noexcept {
  sip_hash hash(hash_key_);
  hash.take(token.size());
  const char* const tail = token.data() + token.size() - cached_token_bytes_min;
  for (std::size_t at = 0; at < cached_token_bytes_min; at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, tail + at, sizeof word);
    hash.take(word);
  }
  return hash.finish();
}

char* cached_tokens::text_of(std::size_t set_number, std::size_t way) noexcept {
  return texts_.get() + (set_number * cached_ways + way) * cached_token_bytes_max;
}

std::optional<caller> cached_tokens::find(std::string_view token, instant now) noexcept {
  if (!may_be_cached(token)) return std::nullopt;
  const std::uint64_t hash = hash_of(token);
  const std::size_t set_number = hash & set_mask_;
  set& place = sets_[set_number];
  const std::uint64_t current = epoch();
  const hold held(place);
  if (!held) return std::nullopt;
  for (std::size_t way = 0; way < cached_ways; ++way) {
    const entry& one = place.entries[way];
    if (one.hash != hash || one.epoch != current || one.size != token.size()) continue;
    if (now < one.valid_from || now >= one.expires_at) continue;
    if (std::memcmp(text_of(set_number, way), token.data(), token.size()) == 0) return one.who;
  }
  return std::nullopt;
}

void cached_tokens::put(std::string_view token, const access_token& said, std::uint64_t verified_in) noexcept {
  if (!may_be_cached(token)) return;
  const std::uint64_t hash = hash_of(token);
  const std::size_t set_number = hash & set_mask_;
  set& place = sets_[set_number];
  const hold held(place);
  if (!held) return;
  const std::uint64_t current = epoch();
  if (verified_in != current) return;
  // The same token again (two threads verified it concurrently), else one that is void, else the next to end.
  const auto worth = [&](const entry& one) {
    if (one.epoch != current) return instant::min();
    if (one.hash == hash && one.size == token.size()) return instant::min();
    return one.expires_at;
  };
  const auto victim = std::min_element(place.entries.begin(), place.entries.end(),
                                       [&](const entry& a, const entry& b) { return worth(a) < worth(b); });
  const auto way = static_cast<std::size_t>(victim - place.entries.begin());
  std::memcpy(text_of(set_number, way), token.data(), token.size());
  *victim = {hash, verified_in, token.size(), said.valid_from, said.expires_at, said.who};
}

void cached_tokens::forget(const uuid& session) noexcept {
  for (std::size_t at = 0; at <= set_mask_; ++at) {
    set& place = sets_[at];
    while (place.busy.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
    for (entry& one : place.entries)
      if (one.who.session == session) one.epoch = 0;
    place.busy.clear(std::memory_order_release);
  }
}

}  // namespace spaces::identity
