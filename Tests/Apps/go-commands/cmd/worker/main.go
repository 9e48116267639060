package main

import "example.org/greeting"

func main() { println(greeting.Text) }
