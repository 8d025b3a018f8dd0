#include "marketplace/properties/demo/demo_texts.hpp"

#include "marketplace/properties/demo/demo_words.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string>

namespace spaces::properties::demo {

namespace {

constexpr std::string_view count_words[] = {"no", "one", "two", "three", "four", "five", "six", "seven"};

std::string bedrooms_text(std::int64_t count) {
  if (count == 0) return "studio room";
  return fmt::format("{} bedroom{}", count_words[count], count == 1 ? "" : "s");
}

std::string thousands(std::int64_t number) {
  return number < 1000 ? std::to_string(number) : fmt::format("{},{:03}", number / 1000, number % 1000);
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - ('a' - 'A'));
  return text;
}

/// What placeholders stand for in one listing's sentences.
class words {
 public:
  words(const property& p, dice& roll, std::string_view noun) : roll_(roll) {
    const bool house = noun == "house";
    noun_ = noun == "condominium" && p.bedrooms == 0 ? "studio" : std::string(noun);
    style_ = house ? std::string(style_of(static_cast<int>(*p.year_built))) : noun_;
    beds_ = bedrooms_text(*p.bedrooms);
    if (*p.bedrooms > 0) {
      const std::int64_t baths = p.bathrooms->count / 4;
      rooms_ = fmt::format("{} and {} bath{}", beds_, count_words[baths], baths == 1 ? "" : "s");
    } else {
      rooms_ = "one large room and a bath";
    }
    bedword_ = *p.bedrooms == 0 ? "one-room" : fmt::format("{}-bedroom", count_words[*p.bedrooms]);
    size_ = thousands(*p.square_feet);
    year_ = std::to_string(*p.year_built);
    city_ = p.city;
    const std::string& address = *p.address;
    street_ = address.substr(address.find(' ') + 1);
    street_ = street_.substr(0, street_.find(" #"));
    place_ = roll.pick(places());
    if (!p.features.empty()) feature_ = p.features[roll.below(p.features.size())];
  }

  /// The sentence with its placeholders filled; "a" becomes "an" where it must.
  std::string say(std::string_view shape) {
    std::string out;
    while (!shape.empty()) {
      const std::size_t open = std::min(shape.find('{'), shape.size());
      out += shape.substr(0, open);
      shape.remove_prefix(open);
      if (shape.empty()) break;
      const std::size_t close = shape.find('}');
      const std::string word = value(shape.substr(1, close - 1));
      const bool vowel = !word.empty() && std::string_view("aeiouAEIO").find(word[0]) != std::string_view::npos;
      if (vowel && (out.ends_with(" a ") || out == "A ")) out.insert(out.size() - 1, "n");
      out += word;
      shape.remove_prefix(close + 1);
    }
    return out;
  }

  const std::string& feature() const { return feature_; }

 private:
  std::string value(std::string_view name) {
    if (name == "adjective") return std::string(roll_.pick(adjectives()));
    if (name == "Adjective") return capitalised(std::string(roll_.pick(adjectives())));
    if (name == "noun") return noun_;
    if (name == "style") return style_;
    if (name == "Style") return capitalised(style_);
    if (name == "beds") return beds_;
    if (name == "rooms") return rooms_;
    if (name == "bedword") return bedword_;
    if (name == "Bedword") return capitalised(bedword_);
    if (name == "size") return size_;
    if (name == "year") return year_;
    if (name == "city") return city_;
    if (name == "street") return street_;
    if (name == "feature") return feature_;
    return place_;
  }

  dice& roll_;
  std::string noun_, style_, beds_, rooms_, bedword_, size_, year_, city_, street_, place_, feature_;
};

/// Features that need no article in "… with garage": the others do without them in titles.
bool reads_well_after_with(std::string_view feature) {
  static constexpr std::string_view plain[] = {"air conditioning", "hardwood floors", "solar panels", "city view",
                                               "laundry in unit"};
  return std::ranges::find(plain, feature) != std::end(plain) && feature != "city view" && feature != "laundry in unit";
}

std::string title_of(words& with, dice& roll) {
  std::string_view shape = roll.pick(titles());
  while (shape.find("{feature}") != std::string_view::npos && with.feature().empty()) shape = roll.pick(titles());
  std::string said;
  const std::size_t at = shape.find("{feature}");
  if (at == std::string_view::npos || reads_well_after_with(with.feature())) return with.say(shape);
  said = with.say(shape.substr(0, at));
  static constexpr std::string_view uncountable[] = {"parking", "laundry in unit", "wheelchair access"};
  const bool article =
      std::ranges::find(uncountable, with.feature()) == std::end(uncountable) && with.feature() != "furnished";
  if (with.feature() == "furnished")
    said += "furniture";
  else if (with.feature() == "laundry in unit")
    said += "its own laundry";
  else if (article)
    said += std::string_view("aeiou").find(with.feature()[0]) != std::string_view::npos ? "an " + with.feature()
                                                                                        : "a " + with.feature();
  else
    said += with.feature();
  return said + with.say(shape.substr(at + std::string_view("{feature}").size()));
}

}  // namespace

void write_texts(property& p, dice& roll, std::string_view noun) {
  words with(p, roll, noun);
  p.title = title_of(with, roll);
  std::string text = with.say(roll.pick(openings()));
  const auto add = [&](std::string_view sentence) { (text += ' ') += with.say(sentence); };
  std::string_view inside = roll.pick(interiors());
  while (*p.bedrooms < 2 && inside.find("{beds}") != std::string_view::npos) inside = roll.pick(interiors());
  add(inside);
  if (roll.percent(72)) add(roll.pick(kitchens()));
  std::size_t told = 0;
  for (const feature& one : features())
    if (!one.sentence.empty() && told < 3 && std::ranges::find(p.features, one.name) != p.features.end() &&
        roll.percent(70)) {
      add(one.sentence);
      ++told;
    }
  text += roll.percent(35) ? '\n' : ' ';
  text += with.say(roll.pick(surroundings()));
  if (roll.percent(80)) add(roll.pick(closings()));
  p.description = std::move(text);
}

}  // namespace spaces::properties::demo
