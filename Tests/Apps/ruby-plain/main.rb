# Answers every request, with nothing but the standard library.
require "socket"

server = TCPServer.new("0.0.0.0", Integer(ENV.fetch("PORT")))
body = "Hello from Ruby\n"
$stdout.sync = true
puts "listening"
loop do
  Thread.new(server.accept) do |client|
    while (line = client.gets) && line != "\r\n"; end
    client.write "HTTP/1.1 200 OK\r\nContent-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n#{body}"
    client.close
  end
end
