# Answers every request with what a gem says.
require "greeting"
require "socket"

server = TCPServer.new("0.0.0.0", Integer(ENV.fetch("PORT")))
body = "#{GREETING}\n"
$stdout.sync = true
puts "listening"
loop do
  Thread.new(server.accept) do |client|
    while (line = client.gets) && line != "\r\n"; end
    client.write "HTTP/1.1 200 OK\r\nContent-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n#{body}"
    client.close
  end
end
