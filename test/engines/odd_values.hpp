/// Keys, names and values that engines get wrong, picked by one random generator: empty texts, texts of every
/// script, keys at their limits, names that DynamoDB reserves, numbers at the ends of their range.
#pragma once

#include "platform/table/table.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::test {

class odd_values {
 public:
  explicit odd_values(std::uint64_t seed);

  std::size_t below(std::size_t bound) { return random_() % bound; }
  bool one_in(std::size_t chance) { return below(chance) == 0; }
  template <class T>
  const T& any_of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

  /// Of a few dozen, so that operations meet.
  const table::key& some_key() { return any_of(keys_); }
  const std::string& some_partition() { return any_of(partitions_); }
  const std::string& some_sort_key() { return any_of(sort_keys_); }
  const std::string& some_text() { return any_of(texts_); }
  decimal some_number();
  /// Appends an attribute of any kind and name that the item does not have yet.
  void append_oddity(record::item& to);
  /// How many texts there are: those of the file of naughty strings among them.
  std::size_t texts() const { return texts_.size(); }
  /// The texts one after the other, so that all have their turn.
  const std::string& next_text() { return texts_[turn_++ % texts_.size()]; }

 private:
  std::string some_name();

  std::mt19937_64 random_;
  std::vector<table::key> keys_;
  std::vector<std::string> partitions_;
  std::vector<std::string> sort_keys_;
  std::vector<std::string> texts_;
  std::size_t turn_ = 0;
};

}  // namespace spaces::test
