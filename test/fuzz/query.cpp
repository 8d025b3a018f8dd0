/// A query string is read into a question for listings, or every problem is told. What is taken can be
/// asked of the table and of a card.
#include "marketplace/properties/listing_query.hpp"
#include "platform/http/problem.hpp"
#include "platform/record/read.hpp"
#include "platform/record/write.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace spaces;
using properties::listing_query;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

std::string card_of_a_loft() {
  properties::property loft;
  loft.title = "Sunny loft near the park";
  loft.city = "São Paulo";
  loft.state = "SP";
  loft.zip_code = "01310";
  loft.price = {45'000'050};
  loft.bedrooms = 2;
  loft.features = {"garden"};
  std::string card;
  record::append_card(card, properties::property::fields(), &loft);
  return card;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string card = card_of_a_loft();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  listing_query query;
  std::vector<problem> problems;
  const record::field_set given = record::read_query(listing_query::fields(), text, &query, problems);
  if (problems.empty()) problems = properties::validate(query);
  if (!problems.empty()) {
    const auto answer = http::to_response(invalid(std::move(problems)), uuid{});
    require(record::parse_json(answer.body).has_value(), "a refusal is JSON");
    return 0;
  }
  require(query.limit >= 1 && query.limit <= 100, "a page has its bound");
  require(!given.none() || properties::card_filter(query).admits_all(), "no filter admits everything");
  uuid who;
  who.bytes.fill(7);
  require(table::validate(properties::plan(query, who)).has_value(), "what is taken can be asked");
  properties::question_of(query, who);
  const properties::card_filter filter(query);
  // In the order of prices the index answers for them: a card out of their bounds is never asked about.
  require(filter.admits(card) || !filter.admits_all() || query.by_price(), "a filter of nothing admits everything");
  return 0;
}
