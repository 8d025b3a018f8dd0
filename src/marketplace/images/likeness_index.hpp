/// Which pictures are the same to the eye: found by 64 bits each (picture/likeness.hpp) of which few differ, in a
/// scaled copy or another format, too. No two of so many pictures are compared one by one: the bits are dealt out into
/// five bands, each of which is the key of an index. Where at most eight bits differ, one band has at most one of them,
/// so that five bands, each as it is and with each of its bits turned, find every such picture: 69 runs of an index,
/// each of as many rows as one of some 8,000 of all pictures.
#pragma once

#include "platform/base/error.hpp"
#include "platform/base/function_ref.hpp"
#include "platform/base/uuid.hpp"
#include "platform/table/table.hpp"

#include <cstdint>

namespace spaces::images {

/// A picture by its likeness, and whose it is.
struct likeness {
  std::uint64_t bits = 0;
  uuid image;
  uuid listing;
  uuid owner;
};

/// IMAGE#id / LIKENESS.
table::key likeness_key(const uuid& image);
/// The put that enters a picture, to stand in the transaction that says that it is ready.
table::put enter_likeness(const likeness& of);

/// Shows the pictures of others that are the same as this one to the eye, each once and with how many bits differ,
/// until `visit` says no. Behind one key at most `alike_rows_max` are looked at.
result<void> visit_alike(table::single_table& table, const likeness& like,
                         function_ref<bool(const likeness& other, int distance)> visit);

}  // namespace spaces::images
