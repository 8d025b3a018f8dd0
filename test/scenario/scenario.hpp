/// A behaviour of the marketplace as a sentence and a row:
///
///   scenario{"a stranger cannot see a draft"}
///     .given(seller("ann"), buyer("ben"), listing("loft", by("ann"), status::draft))
///     .when(get("/api/v1/properties/{loft}").as("ann")).then(200)
///     .when(get("/api/v1/properties/{loft}").as("ben")).then(404, problem("not-found"));
///
/// {loft} stands for the listing's id in targets, bodies, field values and what is expected. Each listing is
/// published a second after the one before; nothing else moves the clock but `after`.
#pragma once

#include "marketplace/properties/property.hpp"
#include "scenario/market.hpp"

#include <functional>
#include <map>
#include <optional>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

namespace spaces::test {

using status = properties::property_status;

inline person buyer(std::string name) { return {std::move(name), user_type::buyer, true}; }
inline person seller(std::string name) { return {std::move(name), user_type::seller, true}; }
inline person agent(std::string name) { return {std::move(name), user_type::agent, true}; }
inline person unverified(person who) { return who.verified = false, who; }

struct by {
  std::string owner;
  explicit by(std::string name) : owner(std::move(name)) {}
};

/// A member of a body: its name and its value as JSON text: with("price", "450000.5").
struct with {
  std::string name;
  std::string json;
  with(std::string n, std::string j) : name(std::move(n)), json(std::move(j)) {}
};

/// A listing to be published, valid unless told otherwise.
class listing {
 public:
  template <class... Parts>
  listing(std::string name, by owner, Parts... parts) : name_(std::move(name)), owner_(std::move(owner.owner)) {
    (add(std::move(parts)), ...);
  }
  const std::string& name() const { return name_; }
  const std::string& owner() const { return owner_; }
  std::string body() const;

 private:
  void add(status s) { members_["status"] = '"' + std::string(record::to_name(s)) + '"'; }
  void add(with member) { members_[member.name] = std::move(member.json); }

  std::string name_;
  std::string owner_;
  std::map<std::string, std::string> members_{{"title", "\"Light-filled loft\""},
                                              {"price", "450000"},
                                              {"city", "\"Seattle\""},
                                              {"state", "\"WA\""},
                                              {"zipCode", "\"98101\""}};
};

class scenario;
/// Something that an answer must show.
using expectation = std::function<void(scenario&, const answer&)>;

/// problem+json of this type, and its status the answer's.
expectation problem(std::string slug);
/// Its `errors`, all of them: {{"/title", "too-short"}}; order does not matter.
expectation errors(std::vector<std::pair<std::string, std::string>> pointers_and_codes);
/// A header field with this value; with none: whatever its value.
expectation field(std::string name, std::optional<std::string> value = std::nullopt);
expectation no_field(std::string name);
/// JSON text at a JSON Pointer, numbers digit by digit: shows("/price", "450000.5").
expectation shows(std::string pointer, std::string json);
/// The listings of a page, by name, in this order.
expectation lists(std::vector<std::string> names);
/// Keeps the text at a pointer under a name for later rows: keep("next", "/nextCursor") gives {next}.
expectation keep(std::string name, std::string pointer);
/// A page with (without) a next one.
expectation more_follows();
expectation last_page();

class scenario {
 public:
  explicit scenario(std::string sentence, market_options options = {});
  scenario(const scenario&) = delete;
  scenario& operator=(const scenario&) = delete;

  template <class... Things>
  scenario& given(const Things&... things) {
    (add(things), ...);
    return *this;
  }
  scenario& after(std::chrono::milliseconds time) { return market_.clock().forward(time), *this; }
  scenario& when(call request, std::source_location row = std::source_location::current());
  template <class... Expectations>
  scenario& then(int code, const Expectations&... expected) {
    check(code, {expected...});
    return *this;
  }

  market& place() { return market_; }
  /// With every {name} that is known replaced.
  std::string filled(std::string text) const;
  void name(const std::string& what, const std::string& text) { names_[what] = text; }
  /// The name of a listing by its id; the id itself when it has none.
  std::string name_of(const std::string& id) const;

 private:
  void add(const person& who) { market_.add(who); }
  void add(const listing& published);
  void check(int code, const std::vector<expectation>& expected);

  std::string sentence_;
  market market_;
  std::map<std::string, std::string> names_;
  call request_;
  answer answer_;
  std::source_location row_;
};

}  // namespace spaces::test
