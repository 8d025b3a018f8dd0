# The headers that nearly every unit reads, read once: a clean build takes two thirds of the time. gcc takes what was
# precompiled with the same options only, so there is one for the rooms, one for the commands (CLI11 alone takes four
# seconds) and one for the tests; what is built otherwise reads the headers itself, as `make lint` does, which so sees
# an #include that is missing.
set(often_read
  <algorithm> <array> <chrono> <cstddef> <cstdint> <functional> <memory> <optional> <span> <string> <string_view>
  <utility> <variant> <vector> <fmt/core.h> <platform/base/error.hpp>)
set(often_read_by_tests ${often_read} <atomic> <filesystem> <fstream> <map> <thread> <gmock/gmock.h> <gtest/gtest.h>)

if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU" OR SPACES_STATIC OR SPACES_COVERAGE)
  set(SPACES_PRECOMPILED OFF)
endif()

# A library of nothing, whose precompiled header the others take.
function(spaces_precompile name)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/${name}.cpp CONTENT "// Nothing: its header is precompiled.\n")
  add_library(${name} OBJECT EXCLUDE_FROM_ALL ${PROJECT_BINARY_DIR}/generated/${name}.cpp)
  target_link_libraries(${name} PRIVATE spaces_options spaces_fmt)
  target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()

if(SPACES_PRECOMPILED)
  # -fpch-preprocess: what ccache asks for before it keeps what was compiled so. To GCC 12, what is precompiled is no
  # system header any more, and it sees std::string copied out of its bounds there (PR 105651); the address sanitizer
  # and the builds without a precompiled header go on looking for what is real.
  target_compile_options(spaces_options INTERFACE -fpch-preprocess -Wno-array-bounds -Wno-restrict
    -Wno-stringop-overflow -Wno-stringop-overread)
  spaces_precompile(spaces_precompiled ${often_read})
  spaces_precompile(spaces_precompiled_commands ${often_read} <CLI/CLI.hpp>)
  target_link_libraries(spaces_precompiled_commands PRIVATE CLI11::CLI11)
endif()

function(spaces_precompiled target)
  if(SPACES_PRECOMPILED AND target STREQUAL spaces_program_commands)
    target_precompile_headers(${target} REUSE_FROM spaces_precompiled_commands)
  elseif(SPACES_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM spaces_precompiled)
  endif()
endfunction()

function(spaces_precompiled_test target)
  if(SPACES_PRECOMPILED)
    if(NOT TARGET spaces_precompiled_tests)
      spaces_precompile(spaces_precompiled_tests ${often_read_by_tests})
      target_link_libraries(spaces_precompiled_tests PRIVATE GTest::gmock)
      target_compile_options(spaces_precompiled_tests PRIVATE -O0)
    endif()
    target_precompile_headers(${target} REUSE_FROM spaces_precompiled_tests)
  endif()
endfunction()
