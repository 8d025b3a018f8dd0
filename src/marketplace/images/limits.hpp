/// The bounds that pictures of listings keep to, each with its reason; how many a listing has stands with the listing
/// (properties/listing_images.hpp), what a picture may be where it is prepared (platform/picture/limits.hpp).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace spaces::images {

/// What a permission to upload is good for: a phone that sends forty photographs one after the other over a slow line
/// has a quarter of an hour's work; a leaked one is worth little.
inline constexpr std::chrono::minutes upload_lifetime{30};
/// When it is looked after an upload that nobody reported: the permission has ended, and a slow one is through.
inline constexpr std::chrono::hours upload_wait{2};

/// A picture whose preparing fails for other reasons than its own is tried so often, which with the jobs' pauses is
/// half a day; then it is refused, so that every picture comes to an end. Fewer than a job's own tries.
inline constexpr std::int64_t prepare_tries_max = 24;

/// Files that no listing names are removed when they are older: longer than any worker takes from the first file to the
/// listing, and short enough that they are gone within a day.
inline constexpr std::chrono::hours unnamed_age_min{6};
/// How often a round of looking for them begins.
inline constexpr std::chrono::hours sweep_interval{12};
/// Of one step of it, after which its place is written down: S3's own for a page, and a batch of the table.
inline constexpr std::size_t sweep_page = 100;

/// Bits of two pictures' likenesses that differ at most where they are the same picture: scaled, in another format, or
/// slightly cut, as a copy is. Two different photographs differ in 32 on average, and by at most 8 once in 10^10 pairs.
inline constexpr int same_picture_distance_max = 8;
/// Rows of the likeness index that are looked at behind one key: a picture that thousands have (white, a logo) says
/// nothing.
inline constexpr std::size_t alike_rows_max = 500;
/// Listings that one picture is reported with.
inline constexpr std::size_t alike_reports_max = 10;

/// Names of files, as cameras and people give them.
inline constexpr std::size_t file_name_max = 255;

/// An outside picture that is fetched: addresses in a row that a server may lead to.
inline constexpr int redirects_max = 3;

}  // namespace spaces::images
