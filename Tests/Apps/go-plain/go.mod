module example.org/go-plain

go 1.19
