module example.org/go-commands

go 1.19

require example.org/greeting v1.0.0
