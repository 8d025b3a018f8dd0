/// Jobs about a person, who is named by id in their detail `user`: done in every room, so the wiring has their
/// handlers.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"
#include "platform/record/item.hpp"
#include "platform/table/table.hpp"

#include <chrono>
#include <string_view>
#include <vector>

namespace spaces::accounts {

/// Erases what somebody who left has in other rooms.
inline constexpr std::string_view forget_user_job = "forget-user";
/// It is done immediately, and again when no index can be behind and no token of the person lives any more.
inline constexpr std::chrono::seconds forget_again_after{60};

/// Hides what a suspended person published, or shows it again: as the person is when it is done.
inline constexpr std::string_view apply_suspension_job = "apply-suspension";
/// It is done immediately, and again when no token of the person lives any more.
inline constexpr std::chrono::seconds apply_again_after{10};

/// Puts a job about this person into a transaction, to be done immediately and once more `again_after` later.
void enqueue_twice(std::vector<table::operation>& to, std::string_view kind, const uuid& user,
                   std::chrono::milliseconds again_after, instant now);

/// Whom such a job is about.
result<uuid> user_of_job(record::item_view details);

}  // namespace spaces::accounts
