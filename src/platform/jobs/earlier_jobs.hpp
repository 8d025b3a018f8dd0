/// Jobs as earlier versions kept them: items of their own, found by GSI1. They are moved to where jobs are now, so that
/// nothing is lost where a new version starts.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/function_ref.hpp"
#include "platform/table/table.hpp"

#include <chrono>
#include <string_view>

namespace spaces::jobs {

/// Between two looks. While versions change, a process of the earlier one may leave a job behind when it ends.
inline constexpr std::chrono::steady_clock::duration earlier_jobs_interval = std::chrono::minutes(10);

/// Moves all, those that were given up too; what another process does at this moment stays its own until it is over.
/// Repeatable, by many processes.
result<void> move_earlier_jobs(table::single_table& table, const clock& time);

/// Those of one partition that are not moved yet, for operators.
result<void> count_earlier_jobs(table::single_table& table, std::string_view partition,
                                function_ref<void(std::string_view kind)> seen);

}  // namespace spaces::jobs
