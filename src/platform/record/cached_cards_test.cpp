#include "platform/record/cached_cards.hpp"

#include "platform/record/test_home.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace spaces::record {
namespace {

using test::home;

std::string card_of(const home& h) {
  std::string card;
  append_card(card, home::fields(), &h);
  return card;
}

template <class Source>
std::string put_by(Source& source, std::string_view card) {
  std::string out;
  {
    text_buffer text(out);
    source.put(text, card);
  }
  return out;
}

class cached_cards_test : public testing::Test {
 protected:
  card_shape shape_{home::fields()};
  cached_cards cards_{shape_};
  /// What it writes the first and every further time is what the shape_ writes.
  void expect_as_written(const std::string& card) {
    for (int time = 0; time < 3; ++time) ASSERT_EQ(put_by(cards_, card), put_by(shape_, card)) << "time " << time;
  }
};

TEST_F(cached_cards_test, a_card_reads_the_same_each_time) {
  home h;
  h.name = "Loft";
  expect_as_written(card_of(h));
  expect_as_written("");
}

TEST_F(cached_cards_test, a_changed_card_is_another) {
  home h;
  h.id = make_uuid_v7(instant{});
  for (const char* name : {"Loft", "Lift", "Loft in town", "Loft"}) {
    h.name = name;
    expect_as_written(card_of(h));
  }
}

TEST_F(cached_cards_test, a_card_that_does_not_fit_is_written_each_time) {
  home h;
  for (const std::size_t size : {900U, 1000U, 1100U, 2000U, 4000U}) {
    h.name = std::string(size, 'x');
    expect_as_written(card_of(h));
    h.name = std::string(size, '\n');  // twice as long as JSON
    expect_as_written(card_of(h));
  }
}

TEST_F(cached_cards_test, more_cards_than_places_and_many_threads_stay_right) {
  std::vector<std::string> written;
  home h;
  for (std::size_t i = 0; i < cached_cards::cards_max * 2; ++i) {
    h.id = make_uuid_v7(instant{});
    h.name = std::to_string(i);
    written.push_back(card_of(h));
  }
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < written.size(); ++i) {
        const std::string& card = written[(i * 7 + t) % written.size()];
        EXPECT_EQ(put_by(cards_, card), put_by(shape_, card));
      }
    });
  }
  for (std::thread& each : threads) each.join();
}

}  // namespace
}  // namespace spaces::record
