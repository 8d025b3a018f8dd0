/// What this room holds about one person, as sections of an export (`accounts::export_page_of`): inquiries sent and
/// received, people blocked, reports made. Of others no more than the person sees anyway: no names, addresses or
/// telephones, and nothing of who blocked or reported them.
#pragma once

#include "platform/feature/feature.hpp"
#include "platform/table/table.hpp"

#include <vector>

namespace spaces::inquiries {

/// The table must outlive them.
std::vector<export_section> export_sections(table::single_table& table);

}  // namespace spaces::inquiries
