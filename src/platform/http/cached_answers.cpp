#include "platform/http/cached_answers.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace spaces::http {

namespace {

/// Eight bytes a turn. Who makes targets meet on purpose makes answers be built again, no more.
std::uint64_t hash_of(std::string_view target, bool gzip) {
  constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;
  std::uint64_t hash = (target.size() * 2 + (gzip ? 1 : 0)) * odd;
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ word) * odd;
    hash ^= hash >> 32;
  };
  std::uint64_t word = 0;
  for (; target.size() >= sizeof word; target.remove_prefix(sizeof word)) {
    std::memcpy(&word, target.data(), sizeof word);
    mix(word);
  }
  word = 0;
  if (!target.empty()) std::memcpy(&word, target.data(), target.size());
  mix(word);
  return hash;
}

/// The first 2 KiB of an answer: most are shorter, and of longer ones the processor fetches the rest itself.
constexpr std::size_t fetched_ahead_max = 2048;

/// Tells the processor what will be read soon, so that it comes while other things are done.
void fetch_ahead(const void* from, std::size_t bytes) {
  constexpr std::size_t line = 64;
  for (std::size_t at = 0; at < bytes; at += line) __builtin_prefetch(static_cast<const char*>(from) + at);
}

}  // namespace

cached_answers::cached_answers() : slots_(sets * ways), marks_(sets * ways), seen_(seen_slots) {}

std::size_t cached_answers::weight(const slot& held) {
  if (!held.answer) return 0;
  const std::size_t spare = held.answer->not_modified ? held.answer->not_modified->bytes.size() : 0;
  return held.target.size() + held.answer->whole->bytes.size() + spare + sizeof(cached_answer) + 2 * sizeof(prepared);
}

std::shared_ptr<const cached_answer> cached_answers::find(std::string_view target, bool gzip,
                                                          std::uint64_t table_version) {
  const std::uint64_t hash = hash_of(target, gzip);
  const std::size_t set = hash % sets;
  const std::lock_guard lock(mutexes_[set % locks]);
  const std::uint32_t mark = mark_of(hash);
  for (std::size_t way = 0; way < ways; ++way) {
    if (marks_[set * ways + way] != mark) continue;
    const slot& held = slots_[set * ways + way];
    fetch_ahead(held.answer.get(), sizeof(cached_answer));
    if (held.hash == hash && held.table_version == table_version && held.gzip == gzip && held.answer &&
        held.target == target) {
      fetch_ahead(held.answer->whole->bytes.data(), std::min(held.answer->whole->bytes.size(), fetched_ahead_max));
      return held.answer;
    }
  }
  return nullptr;
}

bool cached_answers::worth_keeping(std::string_view target, bool gzip, std::uint64_t table_version) {
  const std::uint64_t hash = hash_of(target, gzip);
  const auto mark = static_cast<std::uint32_t>((hash + table_version * 0x9E3779B97F4A7C15) >> 32) | 1U;
  return seen_[hash % seen_slots].exchange(mark, std::memory_order_relaxed) == mark;
}

/// Whole sets are forgotten in turn: answers of an old version, which nobody asks for again, would otherwise
/// hold the room for ever, wherever the new ones happen to lie.
void cached_answers::make_room(std::size_t wanted) {
  for (std::size_t turns = 0; turns < sets && bytes() + wanted > bytes_max; ++turns) {
    const std::size_t set = hand_.fetch_add(1, std::memory_order_relaxed) % sets;
    const std::lock_guard lock(mutexes_[set % locks]);
    for (std::size_t way = 0; way < ways; ++way) {
      slot& held = slots_[set * ways + way];
      bytes_.fetch_sub(weight(held), std::memory_order_relaxed);
      held = slot{};
      marks_[set * ways + way] = 0;
    }
  }
}

void cached_answers::keep(std::string_view target, bool gzip, std::uint64_t table_version, cached_answer answer) {
  slot made{hash_of(target, gzip), table_version, gzip, std::string(target),
            std::make_shared<const cached_answer>(std::move(answer))};
  const std::size_t added = weight(made);
  if (added > bytes_max) return;
  make_room(added);
  const std::size_t set = made.hash % sets;
  const std::lock_guard lock(mutexes_[set % locks]);
  slot* place = &slots_[set * ways + turn_.fetch_add(1, std::memory_order_relaxed) % ways];
  for (std::size_t way = 0; way < ways; ++way) {
    slot& held = slots_[set * ways + way];
    if (!held.answer || held.table_version != table_version) place = &held;  // free, or of no use any more
    if (held.hash == made.hash && held.target == target) {
      place = &held;
      break;
    }
  }
  const std::size_t freed = weight(*place);
  if (bytes_.fetch_add(added, std::memory_order_relaxed) + added > bytes_max + freed) {
    bytes_.fetch_sub(added, std::memory_order_relaxed);  // others were faster to the room
    return;
  }
  marks_[static_cast<std::size_t>(place - slots_.data())] = mark_of(made.hash);
  *place = std::move(made);
  bytes_.fetch_sub(freed, std::memory_order_relaxed);
}

}  // namespace spaces::http
