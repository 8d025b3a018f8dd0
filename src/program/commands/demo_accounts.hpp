/// People of the demonstration whom one can log in as: its sellers and a buyer, all with one password that
/// everybody knows. For development only.
#pragma once

#include "platform/base/error.hpp"
#include "platform/identity/passwords.hpp"
#include "platform/table/table.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spaces::app {

inline constexpr std::string_view demo_password = "Open-House-2026";

struct demo_account {
  std::string email;
  std::string_view name;
  std::string_view type;
};
std::vector<demo_account> demo_accounts();

/// Makes those that are not there yet; what is there stays as it is.
result<void> write_demo_accounts(table::single_table& table, const identity::password_hashes& hashes);

}  // namespace spaces::app
