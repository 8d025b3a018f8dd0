#include "app/command_line.hpp"

int main(int count, char** words) { return spaces::app::run_command_line(count, words); }
