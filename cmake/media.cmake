# spaces-media: what decodes and encodes pictures, and the only program that is linked with libvips. It takes four files
# of platform/picture and none of the other rooms, and no sanitizer: those need system calls and memory that its sandbox
# does not give, and what of it reads bytes itself (platform/picture) is tested under them in test_picture.
pkg_check_modules(VIPS REQUIRED IMPORTED_TARGET vips-cpp>=8.14)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
file(GLOB media_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/program/media/*.cpp)
list(APPEND media_sources header box_header sizes thumb_hash likeness protocol)
list(TRANSFORM media_sources REPLACE "^([a-z_]+)$" "${PROJECT_SOURCE_DIR}/src/platform/picture/\\1.cpp")
add_executable(spaces-media ${media_sources})
target_link_libraries(spaces-media PRIVATE spaces_plain PkgConfig::VIPS PkgConfig::SECCOMP)
# It is looked for beside the other.
add_dependencies(spaces spaces-media)
if(SPACES_TESTS OR SPACES_BENCH)
  # What tests and benchmarks give it pictures with.
  add_executable(prepare_picture test/programs/prepare_picture.cpp)
  target_link_libraries(prepare_picture PRIVATE spaces_picture)
  add_dependencies(prepare_picture spaces-media)
endif()
if(SPACES_TESTS)
  # What misbehaves in its place.
  add_executable(odd_worker test/programs/odd_worker.cpp)
  target_link_libraries(odd_worker PRIVATE spaces_picture)
  add_dependencies(test_picture odd_worker spaces-media)
endif()
