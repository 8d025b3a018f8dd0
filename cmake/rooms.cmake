# The rooms of src/, each linked to those that test/tidy/rooms.py lets it know. Here stands what each takes from
# outside the project.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(rooms_source ${PROJECT_SOURCE_DIR}/test/tidy/rooms.py)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${rooms_source})
execute_process(COMMAND ${Python3_EXECUTABLE} ${rooms_source} OUTPUT_VARIABLE rooms_text COMMAND_ERROR_IS_FATAL ANY)
cmake_language(EVAL CODE "${rooms_text}")

include(cmake/libcsv.cmake)
set(libraries_of_spaces_base spaces_fmt OpenSSL::Crypto PkgConfig::UTF8PROC Boost::headers)
set(libraries_of_spaces_record Boost::json)
set(libraries_of_spaces_http ZLIB::ZLIB)
set(libraries_of_spaces_aws ZLIB::ZLIB EXPAT::EXPAT)
set(libraries_of_spaces_table_lmdb PkgConfig::LMDB Threads::Threads)
set(libraries_of_spaces_mail_smtp CURL::libcurl PkgConfig::IDN2)
set(libraries_of_spaces_identity PkgConfig::CRYPT)
set(libraries_of_spaces_identity_local Boost::json)
set(libraries_of_spaces_accounts PkgConfig::IDN2)
set(libraries_of_spaces_properties_import CSV::CSV)
set(libraries_of_spaces_properties_demo ZLIB::ZLIB)
set(libraries_of_spaces_net Threads::Threads)
set(libraries_of_spaces_net_client OpenSSL::SSL)

# A program of its own: cmake/media.cmake.
list(REMOVE_ITEM rooms program/media)
if(NOT SPACES_SMTP)
  list(REMOVE_ITEM rooms platform/mail/smtp)
endif()
foreach(room ${rooms})
  spaces_room(${room})
  list(APPEND all_rooms ${room_target})
endforeach()
set(arrows_of_spaces_app ${all_rooms} spaces_docs_page)
spaces_room(app)
if(SPACES_SMTP)
  target_compile_definitions(spaces_app PRIVATE SPACES_SMTP)
endif()
set(arrows_of_spaces_program spaces_app)
spaces_room(program)
set(arrows_of_spaces_program_commands spaces_program)
set(libraries_of_spaces_program_commands CLI11::CLI11)
spaces_room(program/commands)

# The static binary is built small, for a function's code has to be fetched before it starts. What every event goes
# through is built to be quick instead; all of it so would be 0.8 MB more of the 4 that there are, this is 0.02.
if(SPACES_STATIC)
  set(on_every_way platform/aws/signature platform/base/base64 platform/base/clock platform/base/digest
    platform/base/text platform/http/message platform/net/client/client_connection platform/net/lambda/lambda_answer
    platform/net/lambda/lambda_event platform/net/request_parser platform/net/request_syntax
    platform/net/client/response_parser marketplace/properties/property platform/record/item
    platform/record/json_reader platform/record/json_string platform/record/object_shape
    platform/table/dynamodb/attributes)
  list(TRANSFORM on_every_way PREPEND ${PROJECT_SOURCE_DIR}/src/)
  list(TRANSFORM on_every_way APPEND .cpp)
  set_source_files_properties(${on_every_way} PROPERTIES COMPILE_OPTIONS -O2)
endif()
