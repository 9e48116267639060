package main

import (
	"io"
	"net"
	"os"

	"example.org/greeting"
)

// Answers every connection the same, so that little has to be compiled.
func main() {
	listener, err := net.Listen("tcp", "0.0.0.0:"+os.Getenv("PORT"))
	if err != nil {
		os.Exit(1)
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			continue
		}
		go func() {
			connection.Read(make([]byte, 4096))
			io.WriteString(connection, "HTTP/1.0 200 OK\r\n\r\n"+greeting.Text+"\n")
			connection.Close()
		}()
	}
}
