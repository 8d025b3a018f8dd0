#include "program/commands/demo_accounts.hpp"

#include "marketplace/accounts/email_address.hpp"
#include "marketplace/accounts/user.hpp"
#include "marketplace/properties/demo/demo.hpp"
#include "marketplace/roles/user_type.hpp"
#include "platform/base/folding.hpp"

#include <utility>

namespace spaces::app {

namespace {

constexpr std::string_view buyer_name = "Bea Buyer";

/// "Maya Chen": maya.chen@demo.example, a name that RFC 2606 keeps from being anybody's.
std::string email_of(std::string_view name) {
  std::string email = fold(name);
  for (char& c : email)
    if (c == ' ') c = '.';
  std::erase_if(email, [](char c) { return c != '.' && (c < 'a' || c > 'z'); });
  return email + "@demo.example";
}

accounts::user demo_user(const uuid& id, std::string_view name, std::string_view type) {
  accounts::user made;
  made.id = id;
  made.email = email_of(name);
  made.name = name;
  made.user_type = parse_user_type(type).value_or(user_type::buyer);
  made.verified = true;
  made.created_at = made.updated_at = properties::demo_until - properties::demo_span;
  made.version = 1;
  return made;
}

std::vector<accounts::user> demo_users() {
  std::vector<accounts::user> users;
  for (const properties::demo_seller& one : properties::demo_sellers())
    users.push_back(demo_user(one.id, one.name, one.type));
  const std::string_view parts[] = {"demonstration", buyer_name};
  users.push_back(demo_user(make_uuid_v8(parts), buyer_name, "buyer"));
  return users;
}

}  // namespace

std::vector<demo_account> demo_accounts() {
  std::vector<demo_account> all;
  for (const properties::demo_seller& one : properties::demo_sellers())
    all.push_back({email_of(one.name), one.name, one.type});
  all.push_back({email_of(buyer_name), buyer_name, "buyer"});
  return all;
}

result<void> write_demo_accounts(table::single_table& table, const identity::password_hashes& hashes) {
  std::string hash;  // one for all: the password is no secret, and each takes a moment
  for (const accounts::user& one : demo_users()) {
    const table::key opens = accounts::credential_key(accounts::canonical_email(one.email).value());
    const auto there = table.get(opens, table::consistency::strong);
    if (!there) return there.error();
    if (*there) continue;
    if (hash.empty()) hash = hashes.make(demo_password);
    accounts::credential kept;
    kept.user_id = one.id;
    kept.password_hash = hash;
    kept.created_at = kept.updated_at = one.created_at;
    kept.version = 1;
    std::vector<table::operation> operations;
    operations.emplace_back(table::put{opens, accounts::to_item(kept), {table::absent{}}});
    operations.emplace_back(table::put{accounts::key_of(one.id), accounts::to_item(one), {table::absent{}}});
    // Somebody else may have made it just now: then it is there.
    if (const auto written = table.write(std::move(operations)); !written) return written.error();
  }
  return {};
}

}  // namespace spaces::app
